// htmx as enhancement only: every form and link works without it. Indicator styles are ours; no eval, no inline style.
import "htmx.org";
