"""What leaves the workbench as a picture, a table or a sheet. Values in, text or bytes out: no file, no clock, no
network; fonts and outlines are built in. One module per figure or file; this face holds what most need."""

from .albers import place_on_map
from .chart import link_chart
from .expected import expected_observed
from .export import Origin, csv_table, geojson, graphml
from .film import film_strip
from .lr_sheet import lr_sheet
from .pedigree import pedigree
from .picture import png, standalone
from .timeline import timeline
from .us_map import us_map
from .waterfall import waterfall

__all__ = [
    "Origin",
    "csv_table",
    "expected_observed",
    "film_strip",
    "geojson",
    "graphml",
    "link_chart",
    "lr_sheet",
    "pedigree",
    "place_on_map",
    "png",
    "standalone",
    "timeline",
    "us_map",
    "waterfall",
]
