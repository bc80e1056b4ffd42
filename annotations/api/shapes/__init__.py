"""What the API takes and shows: one module a resource. They parse and present, and decide nothing.

`…Shape` is what is shown, `…Given` what a write takes, `…Asked` what a list can be asked.
"""
