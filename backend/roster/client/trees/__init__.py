"""Writing what is pulled: all of it or nothing, and nothing of anybody else's.

`planning` compares what was promised with what is there, `staging` brings it beside,
`moving` puts it in its place by renames that a journal lists: whoever is killed in the
middle of these is finished by the next run.
"""
