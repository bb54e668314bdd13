"""An agreement's indicators as an Excel file, and back: columns, writing, reading, comparing, bringing in.

`book.write` makes the file. `upload.take` reads one that somebody filled in, `compare.dry_run` says what it would change,
`bring_in` changes just that, or nothing.
"""
