"""Records of every CSV file of the set as Python's csv module reads them: python3 csv-records.py > csv-records.tsv

Printed: archive/path, records without lines of white space, sha256 (16 digits) of the cells, each followed by U+001F, each record by U+001E.
Files that are not UTF-8, are empty, hold NUL or are refused by csv.reader(strict=True) are left out.
"""

import csv
import hashlib
import io
import zipfile

csv.field_size_limit(1 << 24)
for archive in ("commons-csv", "csv-ingest", "csv-spectrum", "duckdb-csv", "w3c-csvw"):
    files = zipfile.ZipFile(archive + ".zip")
    for path in sorted(name for name in files.namelist() if name.endswith(".csv")):
        try:
            text = files.read(path).decode("utf-8")
            if "\0" in text:
                continue
            rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
            records = [row for row in rows if len(row) > 1 or row and row[0].strip()]
        except (UnicodeDecodeError, csv.Error):
            continue
        if not records:
            continue
        joined = "".join("".join(cell + "\x1f" for cell in row) + "\x1e" for row in records)
        print(f"{archive}/{path}\t{len(records)}\t{hashlib.sha256(joined.encode()).hexdigest()[:16]}")
