"""A finished run in the forms that other tools read: dolma, W3C Web Annotations, datatrove. Reads runs, never cleans."""

from cleaner.exports.exporting import COMPRESSION, KINDS, Exported, export

__all__ = ["COMPRESSION", "KINDS", "Exported", "export"]
