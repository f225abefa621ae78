"""How the files of other programs in this folder were made, once. See README.md.

Run from this folder: `python make.py`, with LibreOffice (`soffice`) and R with haven (`Rscript`)
installed. The tests need neither.
"""

import shutil
import struct
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat

HERE = Path(__file__).parent

R_SCRIPT = """
library(haven)
svar <- tibble::tibble(
  id = c("0012", "0013", "0014"),
  grad = labelled_spss(c(1, 9, NA), c("I høj grad" = 1, "Slet ikke" = 5, "Ved ikke" = 9),
                       na_values = 9, label = "I hvilken grad?"),
  alder = labelled_spss(c(34, 999, 998), c("Uoplyst" = 999), na_range = c(998, Inf)),
  dato = as.Date(c("2020-06-01", NA, "1999-12-31")),
  svar = c(strrep("æ", 300), "", "kort")
)
write_sav(svar, "haven.sav")
"""


def main() -> None:
    """Make the files again."""
    libreoffice()
    subprocess.run(["Rscript", "-e", R_SCRIPT], cwd=HERE, check=True)
    multiple_sets()


def libreoffice() -> None:
    """One workbook, saved by LibreOffice in the three kinds that it writes."""
    book = openpyxl.Workbook()
    book.active.title = "Svar"
    for row in (
        ["id", "tal", "dato", "tid", "andel", "sandt", "formel", "tekst"],
        ["0012", 0, pd.Timestamp("2020-06-01"), pd.Timestamp("2020-06-01 14:30"), 0.25, True],
        ["0013", 1.5, None, None, 1, False, "=B3*2", "to linjer\nog æøå"],
    ):
        book.active.append(row)
    book.active["E2"].number_format = "0%"
    book.active["C2"].number_format = "dd-mm-yyyy"
    book.create_sheet("Noter").append(["intet"])
    book.save(HERE / "source.xlsx")
    for kind in ("xlsx", "ods", "xls"):
        command = ["soffice", "--headless", "--convert-to", kind, "--outdir", "out", "source.xlsx"]
        subprocess.run(command, cwd=HERE, check=True)
        (HERE / "out" / f"source.{kind}").replace(HERE / f"libreoffice.{kind}")
    (HERE / "source.xlsx").unlink()
    shutil.rmtree(HERE / "out")


def multiple_sets() -> None:
    """A file with a record for multiple-response sets, which pyreadstat reads but doesn't write.

    The record (kind 7, subtype 7) stands before the one that ends the dictionary (kind 999).
    """
    path = HERE / "multiple_sets.sav"
    ticks = {"hvem_1": [1.0, 0.0], "hvem_2": [1.0, 1.0], "valg_a": [3.0, 1.0], "valg_b": [None, 2]}
    pyreadstat.write_sav(pd.DataFrame(ticks), path)
    sets = b"$hvem=D1 1 13 Hvem deltog? hvem_1 hvem_2\n$valg=C 7 Hvilke? valg_a valg_b\n"
    record = struct.pack("<4i", 7, 7, 1, len(sets)) + sets
    content = path.read_bytes()
    end = content.index(struct.pack("<2i", 999, 0))
    path.write_bytes(content[:end] + record + content[end:])


if __name__ == "__main__":
    main()
