"""The ranks that the headers of reference sequences tell, as the well-known databases write them.

>id genus=Bacillus; species=Bacillus subtilis           key=value (read by `headers`)
>id k__Bacteria;p__Bacillota;...;g__Bacillus;s__subtilis     Greengenes, UNITE, GTDB
>id;tax=d:Bacteria,p:Bacillota,...,g:Bacillus;               UTAX, SINTAX
>id Bacteria;Bacillota;...;Bacillaceae;Bacillus;Bacillus subtilis    SILVA; DADA2 without an id
>id Lineage=Root;rootrank;Bacteria;domain;...;Bacillus;genus         RDP
>id Bacillus subtilis strain X 16S ribosomal RNA, partial sequence   NCBI
"""

from __future__ import annotations

import re
from itertools import pairwise

RANKS = ("domain", "kingdom", "phylum", "class", "order", "family", "genus", "species")
"""From the widest; each is a column of its own."""
_BY_LETTER = {rank[0]: rank for rank in RANKS}
_PREFIXED = re.compile(r"(?:^|[;|,\s])([dkpcofgs])__([^;|,\t]*)")
_UTAX = re.compile(r"(?:^|[;\s])tax=([^;\s]*)")
_TAXON = re.compile(r"([dkpcofgs]):([^,]*)")
_LINEAGE = re.compile(r"(?:^|[\s;])Lineage=(.*)")
_LEVELS = re.compile(r"(?:^|\s)(?:Root;)?((?:Bacteria|Archaea)(?:;[^;]*){5,6});?\s*$")
_LEVEL_RANKS = ("domain", "phylum", "class", "order", "family", "genus", "species")
_BINOMIAL = re.compile(
    r"^\[?([A-Z][a-z]{2,})\]? ([a-z][a-z-]{2,}) .*\b(?:ribosomal RNA|rRNA|gene|genome|ITS)\b"
)
_NO_TAXON = re.compile(
    r"|.*\b(unidentified|uncultured|unclassified|unknown|metagenome|incertae[ _]sedis)\b.*", re.I
)


def ranks_of(description: str) -> dict[str, str]:
    """Taxa by rank; what is told of no taxon is left out."""
    for read in (_prefixed, _utax, _lineage, _levels, _binomial):
        found = {rank: taxon.strip(' "') for rank, taxon in read(description).items()}
        taxa = {rank: taxon for rank, taxon in found.items() if not _is_none(taxon)}
        if taxa:
            return _with_full_species(taxa)
    return {}


def _prefixed(description: str) -> dict[str, str]:
    found = _PREFIXED.findall(description)
    return {_BY_LETTER[letter]: taxon for letter, taxon in found} if len(found) > 1 else {}


def _utax(description: str) -> dict[str, str]:
    said = _UTAX.search(description)
    return {_BY_LETTER[x]: taxon for x, taxon in _TAXON.findall(said[1])} if said else {}


def _lineage(description: str) -> dict[str, str]:
    """Taxa and ranks by turns."""
    said = _LINEAGE.search(description)
    parts = [part.strip() for part in said[1].split(";")] if said else []
    return {rank: taxon for taxon, rank in pairwise(parts) if rank in RANKS}


def _levels(description: str) -> dict[str, str]:
    """Taxa alone, where there are as many as the ranks of bacteria."""
    said = _LEVELS.search(description)
    return dict(zip(_LEVEL_RANKS, said[1].split(";"), strict=False)) if said else {}


def _binomial(description: str) -> dict[str, str]:
    said = _BINOMIAL.match(description)
    return {"genus": said[1], "species": f"{said[1]} {said[2]}"} if said else {}


def _is_none(taxon: str) -> bool:
    return bool(_NO_TAXON.fullmatch(taxon.replace("_", " ")))


def _with_full_species(taxa: dict[str, str]) -> dict[str, str]:
    """Greengenes names a species by its epithet alone, UNITE with a line for the blank."""
    species = taxa.get("species", "").replace("_", " ")
    if species and " " not in species and species.islower() and "genus" in taxa:
        species = f"{taxa['genus']} {species}"
    return taxa | {"species": species} if species else taxa
