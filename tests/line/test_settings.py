"""The settings of a LINE account: all or none, and addresses that are some."""

import pytest

from config import BadSettings, LineChannel, Settings

LINE = {
    "LINE_CHANNEL_SECRET": "s",
    "LINE_CHANNEL_TOKEN": "t",
    "LINE_LOGIN_ID": "1",
    "LINE_LOGIN_SECRET": "l",
}
BASE = {"SECRET_KEY": "0" * 64}


def test_all_or_none() -> None:
    assert Settings.from_env(BASE).line is None
    assert Settings.from_env({**BASE, **LINE}).line == LineChannel("s", "t", "1", "l")
    for missing in LINE:
        some = {name: value for name, value in LINE.items() if name != missing}
        with pytest.raises(BadSettings, match=missing):
            Settings.from_env({**BASE, **some})


def test_other_addresses_for_trials() -> None:
    there = {"LINE_API_URL": "http://127.0.0.1:9/", "LINE_AUTHORIZE_URL": "http://127.0.0.1:9/authorize"}
    found = Settings.from_env({**BASE, **LINE, **there}).line
    assert found is not None
    assert (found.api_url, found.authorize_url) == ("http://127.0.0.1:9", "http://127.0.0.1:9/authorize")
    with pytest.raises(BadSettings, match="LINE_API_URL"):
        Settings.from_env({**BASE, **LINE, "LINE_API_URL": "ftp://x"})
