"""The catalogue of rules: everything that a finding can be about.

A new rule is one entry here, or in `kind_rules.py` when only one kind has it, and one
function that emits it: in `text_checks.py` when it is about the text of any file, in
the checks below `components/kinds/` when it is about a manifest or a body.
"""

from roster.lint import kind_rules
from roster.lint.findings import Severity
from roster.lint.rule import Rule

__all__ = ["RULES", "Rule"]

_ALL = (
    Rule(
        id="file.bom",
        severity=Severity.warning,
        title="Byte order mark",
        help=(
            "The file begins with an invisible byte order mark. Tools that look for "
            "`---` as the very first bytes do not see the front matter then. Save the "
            "file as UTF-8 without a mark."
        ),
    ),
    Rule(
        id="file.encoding",
        severity=Severity.warning,
        title="Not UTF-8",
        help=(
            "The file is stored in another encoding than UTF-8. Coding tools read "
            "UTF-8 and would show wrong characters or refuse the file. Check that the "
            "accented letters and signs look right here, then save it as UTF-8."
        ),
    ),
    Rule(
        id="file.mojibake",
        severity=Severity.warning,
        title="Garbled characters",
        help=(
            "A character was stored as UTF-8 and read as Windows-1252 on its way, so "
            "that a sign such as a tick became two or three odd letters. The model "
            "reads the odd letters. Review each proposal: where bytes were lost, "
            "several characters are possible and nothing is proposed."
        ),
    ),
    Rule(
        id="file.line-endings",
        severity=Severity.info,
        title="Line endings",
        help=(
            "Lines end in CRLF or CR, or in a mixture. Most tools cope, but shells, "
            "diffs and block texts in YAML can show the difference. Prefer LF "
            "throughout."
        ),
    ),
    Rule(
        id="file.hidden-character",
        severity=Severity.warning,
        title="Hidden character",
        help=(
            "The text holds a character that nobody sees: of zero width, of text "
            "direction, a tag or a control. A model reads it all the same, so that it "
            "can carry hidden instructions. Remove it unless you know why it is there."
        ),
    ),
    Rule(
        id="frontmatter.missing",
        severity=Severity.error,
        title="No front matter",
        help=(
            "The file begins with `---`, its name and description, and `---`. Without "
            "them no tool loads it as an agent or a skill. Add them at the top."
        ),
    ),
    Rule(
        id="frontmatter.unclosed",
        severity=Severity.error,
        title="Front matter is not closed",
        help=(
            "The front matter begins with `---` but no such line ends it, so tools do "
            "not find the keys or take the prompt for YAML. Add a line `---` before "
            "the prompt."
        ),
    ),
    Rule(
        id="frontmatter.preceded",
        severity=Severity.warning,
        title="Text before the front matter",
        help=(
            "Something stands before the first `---`: blank lines, a comment, a fence. "
            "Many tools look for the front matter at the very beginning only. Move it "
            "into the front matter as a comment, or below."
        ),
    ),
    Rule(
        id="frontmatter.indented",
        severity=Severity.error,
        title="Front matter is indented",
        help=(
            "The lines of the front matter, fences included, begin with blanks. Tools "
            "look for `---` at the left edge and see no front matter. Move it to the "
            "left edge."
        ),
    ),
    Rule(
        id="yaml.invalid",
        severity=Severity.error,
        title="Not valid YAML",
        help=(
            "A strict YAML reader cannot read the front matter. Tools that are strict "
            "drop the whole file, mostly without a word. The usual cause is a colon "
            "and a blank inside a description without quotes: put the value in quotes."
        ),
    ),
    Rule(
        id="yaml.duplicate-key",
        severity=Severity.error,
        title="Key appears twice",
        help=(
            "A key stands in the front matter more than once. Some tools refuse the "
            "file, others take the last value, so that they disagree about what it "
            "says. Keep one."
        ),
    ),
    Rule(
        id="yaml.tab",
        severity=Severity.error,
        title="Tab as indentation",
        help=(
            "YAML does not allow tabs for indentation and refuses the front matter. "
            "Use spaces."
        ),
    ),
    Rule(
        id="yaml.comment-cut",
        severity=Severity.warning,
        title="Value is cut at a #",
        help=(
            "A blank and a # begin a comment in YAML, so what follows is not part of "
            "the value. If it should be, put the value in quotes."
        ),
    ),
    Rule(
        id="manifest.name-missing",
        severity=Severity.error,
        title="No name",
        help=(
            "Nothing says the name, and tools skip a file without one. The name of "
            "the file or its folder is proposed."
        ),
    ),
    Rule(
        id="manifest.name-invalid",
        severity=Severity.warning,
        title="Name is not a registry name",
        help=(
            "A name has 1 to 64 characters: lower-case letters, digits and single "
            "hyphens between them. Other names fail in some tools. The component is "
            "registered under the nearest valid name, and the name as written is kept "
            "as its display name."
        ),
    ),
    Rule(
        id="manifest.name-differs-from-file",
        severity=Severity.info,
        title="Name and file name differ",
        help=(
            "Tools know an agent by its name, some by its file name. It is easier to "
            "find when both are the same."
        ),
    ),
    Rule(
        id="manifest.description-missing",
        severity=Severity.error,
        title="No description",
        help=(
            "The description tells the main agent when to use this. Without it an "
            "agent or a skill is never loaded or never called. Say in one or two "
            "sentences when to use it."
        ),
    ),
    Rule(
        id="manifest.description-long",
        severity=Severity.info,
        title="Long description",
        help=(
            "Every session reads the description of every agent, whether it is used "
            "or not. Past 1,024 characters some tools cut it. Keep when-to-use here, "
            "and move examples and instructions into the prompt."
        ),
    ),
    Rule(
        id="manifest.literal-newline",
        severity=Severity.warning,
        title="\\n that is no line break",
        help=(
            "The value holds a backslash and an n where its author meant a line "
            "break, so that the model reads the two characters. Turn them into line "
            "breaks."
        ),
    ),
    Rule(
        id="manifest.tools-type",
        severity=Severity.warning,
        title="Tools are not a list",
        help=(
            "Tools are written as names with commas between them, or as a list. A map "
            "of switches, or a list inside quotes, belongs to another tool and is not "
            "understood."
        ),
    ),
    Rule(
        id="manifest.unknown-key",
        severity=Severity.info,
        title="Unknown key",
        help=(
            "No documented key of its kind has this name. It is kept as it is, but "
            "most tools ignore it: check the spelling."
        ),
    ),
    Rule(
        id="manifest.value-type",
        severity=Severity.warning,
        title="Value of another type",
        help=(
            "The value is not of the type that tools expect for this key, and they "
            "may ignore it or refuse the file. It is kept as it is."
        ),
    ),
    Rule(
        id="body.empty",
        severity=Severity.warning,
        title="No prompt",
        help=(
            "Nothing stands below the front matter. The text there is the prompt: "
            "without it the model knows only the name and the description."
        ),
    ),
    Rule(
        id="secret.literal",
        severity=Severity.warning,
        title="Looks like a secret",
        help=(
            "The text holds what looks like a real key, token or password. Everyone "
            "who may read the file has it then. Take it out, give it back or change "
            "it at its issuer, and name an environment variable instead."
        ),
    ),
)

RULES = {rule.id: rule for rule in (*_ALL, *kind_rules.RULES)}
