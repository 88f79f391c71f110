"""What a wrong command line gets: exit status 2 and one sentence that names what is wrong."""

from __future__ import annotations

import pytest

import core
from core.cli.app import _carry_out, make_root
from core.cli.call import Call
from core.cli.spoken import Command, Group, Option
from core.cli.usage import with_flag_names
from core.errors import AppError
from core.language import speaking
from core.messages import error_sentence, sentence
from tests.cli.calling import Cli

REFUSED = {
    ("lst",): ("“lst”", "allowed are list"),
    ("samples",): ("“traintable samples”", "import, list"),
    ("samples", "export"): ("“export”", "import, list"),
    ("list", "--stauts", "active"): ("“--stauts”", "--status"),
    ("list", "--xyz"): ("“--xyz”", "--training-mode"),
    ("list", "--status", "broken"): ("--status", "“broken”", "active, paused, completed, failed"),
    ("list", "--training-mode", "FULL"): ("--training-mode", "“FULL”", "full, incremental"),
    ("list", "--school-id", "x"): ("--school-id", "“x”", "from 1 to"),
    ("list", "more"): ("“more”",),
    ("list", "--json=yes"): ("--json", "no value"),
    ("show",): ("--id", "missing"),
    ("show", "--id"): ("--id", "needs a value"),
    ("show", "--id", "0"): ("--id", "“0”", "from 1 to"),
    ("show", "--id", "9" * 30): ("--id", "from 1 to 2147483647"),
    ("history", "--id", "1", "--limit", "0"): ("--limit", "“0”"),
    ("create",): ("--name", "missing"),
    ("create", "--name", "x", "--trigger-type", "weekly"): (
        "--trigger-type",
        "“weekly”",
        "once, interval, cron",
    ),
    ("update", "--id", "1", "--status", "completed"): ("--status", "“completed”", "active, paused"),
    ("update", "--id", "1"): ("Nothing to change",),
    ("update", "--id", "1", "--school-id", "none"): ("--school-id", "“none”"),
    ("samples", "import"): ("PATH", "missing"),
    ("samples", "import", "/no/such/folder"): ("PATH", "/no/such/folder"),
    ("models", "predict", "--school", "x"): ("IMAGE", "missing"),
    ("models", "predict", "/no.png", "--school", "x"): ("/no.png",),
    ("list", "--language", "fr"): ("--language", "“fr”", "en, zh_CN"),
    ("--until-idle",): ("--until-idle", "--runner"),
    ("--slots", "2"): ("--slots", "--runner"),
    ("--runner", "list"): ("--runner", "“list”"),
    ("--runner", "--slots", "0"): ("--slots", "“0”"),
    ("list", "--database", "mysql://host/db"): ("mysql://host/db", "postgresql://"),
}


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_that_bad_usage_gets_status_2_and_one_sentence(
    cli: Cli, arguments: tuple[str, ...]
) -> None:
    answer = cli(*arguments)

    assert answer.status == 2
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    for part in REFUSED[arguments]:
        assert part in answer.err


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_that_a_refusal_speaks_the_language_asked_for(cli: Cli, arguments: tuple[str, ...]) -> None:
    with pytest.raises(AppError) as refusal:
        _carry_out(arguments, Call())
    with speaking("zh_CN"):
        expected = error_sentence(with_flag_names(refusal.value))

    assert cli("--language", "zh_CN", *arguments).err == expected + "\n"


def test_that_a_refusal_is_in_the_language_of_the_environment(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINTABLE_LANGUAGE", "zh_CN")
    with speaking("zh_CN"):
        expected = sentence("cli.nothing_to_change")

    assert cli("update", "--id", "1").err == expected + "\n"


def test_that_json_leaves_standard_output_empty_when_something_is_refused(cli: Cli) -> None:
    cli("init")

    answer = cli("show", "--id", "7", "--json")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err == "There is no task 7.\n"


def test_that_shared_flags_stand_before_or_after_the_command(cli: Cli) -> None:
    cli("init")

    assert cli("--json", "list").out == cli("list", "--json").out == "[]\n"


def test_that_the_later_of_two_shared_flags_counts(
    cli: Cli, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")

    answer = cli("--home", "/nowhere", "init", "--home", str(other), "--json")

    assert answer.json["home"] == str(other)


def test_that_text_which_is_no_text_is_refused(cli: Cli) -> None:
    answer = cli("schools", "add", "--name", "\udcff\udcfe")

    assert answer.status == 2
    assert answer.err.startswith("--name is “")


def test_that_the_version_is_told(cli: Cli) -> None:
    assert cli("--version").out == f"traintable {core.__version__}\n"


def all_commands(command: Command, *path: str) -> list[tuple[str, ...]]:
    """The paths of a command and of all below it."""
    below = command.commands.values() if isinstance(command, Group) else ()
    found = [path]
    for each in below:
        assert isinstance(each, Command)
        found += all_commands(each, *path, each.name or "")
    return found


@pytest.mark.parametrize("path", all_commands(make_root()), ids=" ".join)
def test_that_every_command_explains_itself_and_its_flags(cli: Cli, path: tuple[str, ...]) -> None:
    answer = cli(*path, "--help")

    assert answer.status == 0
    assert answer.out.startswith(f"Usage: {' '.join(('traintable', *path))}")
    command: Command = make_root()
    for name in path:
        assert isinstance(command, Group)
        found = command.commands[name]
        assert isinstance(found, Command)
        command = found
    assert command.help
    for flag in command.params:
        if isinstance(flag, Option):
            assert flag.help, flag.name
            assert flag.opts[0] in answer.out


def test_that_without_a_window_no_command_means_help(cli: Cli) -> None:
    answer = cli()

    assert answer.status == 0
    assert "Commands:" in answer.out
