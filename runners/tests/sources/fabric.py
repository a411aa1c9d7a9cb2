from . import Sources

HEAD = "import base64, json, shlex, urllib.parse\nfrom fabric import task\n\n@task\n"

SOURCES = Sources(
    builtin="uptime",
    three=(
        "fabfile.py:check",
        HEAD + "def check(c):\n"
        "    c.run('echo seen')\n    if c.host == 'localhost':\n        raise RuntimeError('the disk is full')\n"
        "    return {'changed': True, 'message': 'done'}\n",
    ),
    leak=(
        "fabfile.py:leak",
        HEAD + "def leak(c, *, password):\n"
        "    raw = password.encode()\n"
        "    forms = [password, base64.b64encode(raw).decode(), urllib.parse.quote(password, safe=''), raw.hex()]\n"
        "    for form in [*forms, json.dumps(password)]:\n        c.run('echo ' + shlex.quote(form))\n"
        "    raise RuntimeError('cannot log in with ' + password)\n",
    ),
    show=(
        "fabfile.py:show",
        HEAD + "def show(c, *, given, nested):\n    c.run(shlex.join(['echo', given]))\n",
    ),
    sleep=("fabfile.py:wait", HEAD + "def wait(c):\n    c.run('sleep 60')\n"),
    look=(
        "fabfile.py:look",
        HEAD + "def look(c):\n    c.run('test -n \"$SSH_CONNECTION\"')\n    return {'changed': True}\n",
    ),
    fail=("fabfile.py:prod", HEAD + "def prod(c, *, setting):\n    raise RuntimeError('it is ' + setting)\n"),
    step="prod",
)
