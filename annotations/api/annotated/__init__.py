"""The Web Annotation Protocol (W3C Recommendation, 2017): a container of annotations a project.

Another protocol over the same reads and actions. What it has in common stands in `headers`, the
container and its pages in `container`, one annotation in `one`.
"""
