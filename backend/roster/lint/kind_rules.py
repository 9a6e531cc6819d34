"""The part of the catalogue that is about skills, commands and servers."""

from roster.lint.findings import Severity
from roster.lint.rule import Rule

SKILL = (
    Rule(
        id="skill.name-differs-from-folder",
        severity=Severity.warning,
        title="Name and folder differ",
        help=(
            "The Agent Skills standard wants the name to be that of the folder. Some "
            "tools know the skill by its folder, others by its name, and VS Code does "
            "not load it at all. Give both the same name."
        ),
    ),
    Rule(
        id="skill.description-too-long",
        severity=Severity.warning,
        title="Description over the limit",
        help=(
            "The Agent Skills standard allows 1,024 characters, and tools cut or "
            "refuse what is longer. Keep what the skill does and when to use it, and "
            "move the rest into the instructions."
        ),
    ),
    Rule(
        id="skill.compatibility-too-long",
        severity=Severity.warning,
        title="Compatibility over the limit",
        help=(
            "The Agent Skills standard allows 500 characters for `compatibility`. Name "
            "what the skill needs, and explain it in the instructions."
        ),
    ),
    Rule(
        id="skill.key-beyond-standard",
        severity=Severity.info,
        title="Key of one tool",
        help=(
            "The key is not part of the Agent Skills standard, which has name, "
            "description, license, compatibility, metadata and allowed-tools. Claude "
            "Code reads it; the Skills API and strict validators refuse the file. Move "
            "what is only for people into metadata."
        ),
    ),
    Rule(
        id="skill.long",
        severity=Severity.info,
        title="Long instructions",
        help=(
            "The whole of SKILL.md is read each time the skill is used. The standard "
            "advises fewer than 500 lines and 5,000 tokens. Move details into files "
            "beside it, and say when to read them."
        ),
    ),
    Rule(
        id="skill.missing-file",
        severity=Severity.warning,
        title="File is missing",
        help=(
            "The instructions name a file of the skill that is not there, so the agent "
            "looks for it in vain. Add the file, or correct its path, which begins at "
            "the folder of SKILL.md."
        ),
    ),
)

BODY = (
    Rule(
        id="body.runs-shell",
        severity=Severity.warning,
        title="Runs a shell command when it is loaded",
        help=(
            "Text between !` and ` is run by the shell before the model reads the "
            "file, on the machine of whoever calls it. Check that the command is what "
            "you expect, and that allowed-tools is as narrow as it can be."
        ),
    ),
)

SERVER = (
    Rule(
        id="json.invalid",
        severity=Severity.error,
        title="Not valid JSON",
        help=(
            "A JSON reader cannot read the file, so no tool finds a server in it. The "
            "usual causes are a comma after the last entry, a comment, or quotes that "
            "are not straight double quotes."
        ),
    ),
    Rule(
        id="json.duplicate-key",
        severity=Severity.warning,
        title="Key appears twice",
        help=(
            "A key stands in one object more than once. Tools take the last value, "
            "and a person reads the first. Keep one."
        ),
    ),
    Rule(
        id="server.missing",
        severity=Severity.error,
        title="Not one server",
        help=(
            "The file must hold the configuration of exactly one MCP server: an object "
            "with command or url, alone or under its name in `mcpServers`. A file with "
            "several becomes several components when it is imported."
        ),
    ),
    Rule(
        id="server.target-missing",
        severity=Severity.error,
        title="Nothing to start or to reach",
        help=(
            "A server has a command that starts it on the machine, or a url at which "
            "it answers. Without one of them no tool can use it."
        ),
    ),
    Rule(
        id="server.target-twice",
        severity=Severity.warning,
        title="Command and address at once",
        help=(
            "The server has a command and a url, and tools choose differently between "
            "them. Keep the one that is meant."
        ),
    ),
    Rule(
        id="server.type",
        severity=Severity.warning,
        title="Transport is not clear",
        help=(
            "`type` says how to talk to the server: stdio for a command, http, sse or "
            "ws for a url. Claude Code refuses a url without it, and ignores a server "
            "with a type that it does not know."
        ),
    ),
    Rule(
        id="server.plain-http",
        severity=Severity.warning,
        title="Not encrypted",
        help=(
            "The address begins with http:// and is not on this machine, so everyone "
            "on the way can read what is sent, headers with tokens included. Use "
            "https://."
        ),
    ),
    Rule(
        id="server.literal-secret",
        severity=Severity.warning,
        title="Secret is written out",
        help=(
            "The value looks like a real key, token or password. Everyone who may read "
            "the configuration has it then. Write ${NAME} in its place, keep the value "
            "in the secret store, and change it at its issuer if others saw it."
        ),
    ),
    Rule(
        id="server.placeholder",
        severity=Severity.info,
        title="Placeholder",
        help=(
            "The value is a note to whoever installs the server, and is sent as it is "
            "if they miss it. Write ${NAME}, so that tools ask for it or say that it "
            "is not set."
        ),
    ),
    Rule(
        id="server.reference",
        severity=Severity.warning,
        title="Reference that not every tool knows",
        help=(
            "Tools write references to environment variables in different ways. "
            "Roster keeps ${NAME} and ${NAME:-default}, which Claude Code reads, and "
            "translates them on export; others are passed on as they stand."
        ),
    ),
    Rule(
        id="server.unpinned-package",
        severity=Severity.warning,
        title="Package without a version",
        help=(
            "The command fetches a package and takes whatever is newest each time it "
            "starts, so the same configuration runs other code tomorrow. Name an exact "
            "version: package@1.2.3 for npx, package==1.2.3 for uvx."
        ),
    ),
    Rule(
        id="server.shell",
        severity=Severity.warning,
        title="Shell syntax",
        help=(
            "Tools start the command without a shell: blanks, pipes and && in it do "
            "not work as in a terminal, and `sh -c` hides what is run from checks. Put "
            "the program in command and each argument in args."
        ),
    ),
)

RULES = (*BODY, *SKILL, *SERVER)
