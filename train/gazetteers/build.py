"""Builds the gazetteers of this folder from public lists of facts.

    python train/gazetteers/build.py LISTS train/gazetteers

LISTS holds `geonames_cities15000.tsv.zst` (GeoNames, CC BY 4.0), `ucdp_ucdp-actor-221.csv` (UCDP, CC BY 4.0) and
`oryx_totals_by_system_wide.csv` (derived from Oryx, CC0). Names of persons are common given and family names, combined
within a language at random.
"""

import csv
import io
import random
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_COUNTRIES: Final = frozenset(
    "AF AM AZ BA BF BI BY CD CF CI CM CO DZ EC EG ER ET GE GT HT IL IN IQ IR JO KE KH KP KR KW LB LK LR LY MA ML MM MR "
    "MX MZ NE NG NP PE PH PK PS RS RU RW SA SD SL SN SO SS SV SY TD TH TJ TN TR TW UA UG VE VN XK YE ZA ZW".split()
)
_SMALLEST: Final = 40_000
_LETTERS: Final = re.compile(r"[A-Z][A-Za-z' -]{2,24}")
_LONGEST: Final = 60

_NAMES: Final = {
    "Arabic": (
        "Adel Amjad Bassam Fadi Ghassan Hala Iyad Jamila Karim Khaled Lubna Maher Nadia Omar Rania Saleh "
        "Tariq Wael Yasin Zaki",
        "al-Amin al-Hakim al-Masri al-Najjar al-Qadi al-Rashid Barakat Darwish Fayyad Haddad Jaber Khoury "
        "Mansour Nasser"
        "Odeh Qassem Saadi Shaheen Tamimi Zaher",
    ),
    "Ukrainian": (
        "Andrii Bohdan Daryna Iryna Kateryna Maksym Mykola Nadiia Olena Oleksii Ruslan Serhii Taras Valentyna "
        "Vitalii Yurii",
        "Bilous Chornyi Didenko Hnatiuk Ivashchenko Karpenko Kovtun Lysenko Marchuk Novak Onyshchenko "
        "Panchenko Rudenko"
        "Savchuk Tkach Vasylenko Yatsenko Zinchenko",
    ),
    "Russian": (
        "Aleksei Anatoly Dmitry Galina Igor Irina Konstantin Lyudmila Maxim Nikolai Oleg Pavel Roman Sergei "
        "Tatyana Yegor",
        "Abramov Belyaev Danilov Fomin Gerasimov Isayev Kalinin Larin Maslov Nikitin Osipov Polyakov Rogov "
        "Sidorov Titov"
        "Usov Vlasov Zaitsev",
    ),
    "French African": (
        "Abdoulaye Aminata Boubacar Cheick Fatoumata Ibrahima Issa Mariam Moussa Ousmane Salif Seydou "
        "Souleymane Youssouf",
        "Bah Camara Coulibaly Dembele Diallo Doumbia Keita Kone Maiga Ouattara Sanogo Sawadogo Sidibe Toure "
        "Traore Zongo",
    ),
    "East African": (
        "Abdi Amina Bereket Deng Faiza Gatluak Halima Jama Kuol Mohamud Nyakim Osman Selam Tesfaye Wol Yonas",
        "Abate Ajak Bihi Deng Farah Gebre Hailu Isse Kiir Lual Mengistu Nur Omar Riek Tadesse Warsame",
    ),
    "Nigerian": (
        "Abubakar Adaobi Bashir Chinedu Emeka Funmi Hauwa Ibrahim Kabiru Musa Ngozi Sani Tunde Umar Yakubu Zainab",
        "Abdullahi Adeyemi Bello Danjuma Eze Garba Idris Lawal Mohammed Nwosu Okafor Okonkwo Sule Usman Yusuf",
    ),
    "Spanish": (
        "Adriana Carlos Daniela Esteban Fernando Gloria Hernan Ignacio Julia Luis Marcela Nicolas Oscar "
        "Patricia Ramon Teresa",
        "Acosta Bermudez Cardenas Duarte Escobar Fuentes Guerrero Herrera Ibarra Lozano Molina Nunez Ortega "
        "Paredes Quiroga"
        "Rojas Salazar Valencia",
    ),
    "English": (
        "Alan Brian Carla Denise Edward Frank Grace Helen James Karen Laura Martin Neil Paula Roger Susan Thomas Wendy",
        "Barker Carter Dawson Ellis Foster Graham Hughes Irwin Keller Lawson Mercer Norris Osborne Parker Quinn Reeves "
        "Sutton Walsh",
    ),
    "South Asian": (
        "Ahmad Anil Farida Gul Habib Imran Javed Kiran Mahmood Naseer Priya Rahim Rashida Sanjay Wahid Zarmina",
        "Akbari Bhatt Durrani Hamidi Iqbal Joya Khattak Mehta Noori Popal Qureshi Rao Safi Tareen Wardak Zaman",
    ),
    "Burmese": ("Aung Hla Khin Kyaw Mya Nay San Thant Tin Zaw", "Htet Htun Lin Maung Myint Naing Oo Soe Thein Win"),
    "Hebrew": (
        "Amir Avi Dana Eitan Gal Ilana Noa Oren Ronit Tal Uri Yael",
        "Azoulay Ben-David Cohen Dayan Friedman Golan Katz Levi Mizrahi Peretz Regev Shapira",
    ),
}


def main(lists: Path, out: Path) -> None:
    """Write PLACE.txt, ACTOR.txt, WEAPON.txt and SPEAKER.txt, one name a line, sorted."""
    gazetteers = {
        "PLACE": _places(lists / "geonames_cities15000.tsv.zst"),
        "ACTOR": _actors(lists / "ucdp_ucdp-actor-221.csv"),
        "WEAPON": _weapons(lists / "oryx_totals_by_system_wide.csv"),
        "SPEAKER": _people(random.Random(1)),
    }
    for label, names in gazetteers.items():
        found = sorted(set(names))
        (out / f"{label}.txt").write_text("\n".join(found) + "\n", encoding="utf-8")
        print(f"{label}: {len(found)} names")


def _places(path: Path) -> Iterator[str]:
    import zstandard

    with path.open("rb") as raw:
        text = zstandard.ZstdDecompressor().stream_reader(raw).read().decode()
    for row in csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["country_code"] in _COUNTRIES and int(row["population"]) >= _SMALLEST:
            name = row["asciiname"].strip()
            if _LETTERS.fullmatch(name):
                yield name


def _actors(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            name = row["NameData"].strip()
            full = row["NameOrigFullEng"].strip()
            if name.startswith("Government of") or "clan" in name:
                continue
            yield from (n for n in (name, full) if _LETTERS.fullmatch(n.replace("-", " ")) and len(n) < _LONGEST)


def _weapons(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            # "103 T-62M": the list puts running numbers before some systems.
            name = re.sub(r"^\d+ (?=[A-Z0-9])", "", row["system"].strip())
            name = re.sub(r"\s*\(.*?\)|:.*$", "", name).replace("''", "").strip(" '")
            if "nknown" in name or "'" in name or not 3 < len(name) < _LONGEST:
                continue
            yield name


def _people(source: random.Random) -> Iterator[str]:
    for given, family in _NAMES.values():
        for first in given.split():
            yield from (f"{first} {last}" for last in source.sample(family.split(), 6))


def _arguments(arguments: Iterable[str]) -> tuple[Path, Path]:
    lists, out = arguments
    return Path(lists), Path(out)


if __name__ == "__main__":
    main(*_arguments(sys.argv[1:]))
