from . import Sources

HEAD = "- hosts: all\n  gather_facts: false\n  tasks:\n"

SOURCES = Sources(
    builtin="xo.tailnet.ping",
    three=(
        "site.yml",
        HEAD + "    - name: Well\n      ansible.builtin.raw: echo seen\n      changed_when: false\n"
        "    - name: Only on two\n      ansible.builtin.fail:\n        msg: the disk is full\n"
        "      when: ansible_host == 'localhost'\n",
    ),
    leak=(
        "site.yml",
        HEAD + "    - ansible.builtin.debug:\n        msg:\n"
        '          - "{{ password }}"\n          - "{{ password | b64encode }}"\n'
        "          - \"{{ password | urlencode | replace('/', '%2F') }}\"\n"
        '          - "{{ password | to_json }}"\n'
        '    - ansible.builtin.fail:\n        msg: "cannot log in with {{ password }}"\n',
    ),
    show=(
        "site.yml",
        HEAD + "    - ansible.builtin.debug:\n        var: nested\n"
        '    - ansible.builtin.debug:\n        msg: "<{{ given }}>"\n'
        '    - ansible.builtin.command:\n        argv: [echo, "{{ given }}"]\n',
    ),
    sleep=("site.yml", HEAD + "    - ansible.builtin.raw: sleep 60\n"),
    look=(
        "site.yml",
        HEAD + '    - ansible.builtin.raw: test -n "$SSH_CONNECTION"\n'
        '    - ansible.builtin.shell: test -z "$SSH_CONNECTION"\n'
        "      delegate_to: localhost\n      run_once: true\n"
        "- hosts: localhost\n  gather_facts: false\n  tasks:\n"
        "    - ansible.builtin.command: test -d {{ lookup('env', 'XO_RUN_DIR') }}/work\n",
    ),
    fail=(
        "site.yml",
        HEAD + "    - name: Deploy prod\n      ansible.builtin.fail:\n        msg: it is {{ setting }}\n",
    ),
    step="Deploy prod",
)
