from __future__ import annotations

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from kg import media
from kg.errors import UsageError


@pytest.mark.parametrize("row", [row for row in media.RESULTS.values() if row.engine], ids=repr)
def test_result_formats_are_the_engines(row: media.Format) -> None:
    assert QueryResultsFormat.from_media_type(row.media_type) == getattr(QueryResultsFormat, row.engine)


@pytest.mark.parametrize("row", media.GRAPHS.values(), ids=repr)
def test_graph_formats_are_the_engines(row: media.Format) -> None:
    engine = getattr(RdfFormat, row.engine)
    assert RdfFormat.from_media_type(row.media_type) == engine
    assert engine.supports_datasets == row.dataset
    assert media.graph_format_of(f"some/File{row.suffixes[0].upper()}") is row


def test_a_row_format_is_no_graph_format_and_the_other_way_round() -> None:
    with pytest.raises(UsageError, match="ttl is for graphs"):
        media.result_format("ttl")
    with pytest.raises(UsageError, match="csv is for rows"):
        media.graph_format("csv")


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="table, json, csv, tsv, xml"):
        media.result_format("excel")
    with pytest.raises(UsageError, match=r"\.ttl, \.nt"):
        media.graph_format_of("facts.docx")
