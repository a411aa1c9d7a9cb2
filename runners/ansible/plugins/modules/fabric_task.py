"""Documentation of the fabric_task action, which runs in the runner and not on the machine."""

DOCUMENTATION = r"""
---
module: fabric_task
short_description: Runs a task of the image's fabfile on the machine
description:
  - Runs a function with Fabric's C(@task) over a connection of its own, with the runner's SSH key and known hosts.
  - Works in runs of the XO Tailnet Operator only.
options:
  task:
    description: Name of the task.
    type: str
    required: true
  arguments:
    description: Keyword arguments of the task.
    type: dict
    default: {}
author:
  - XO Tailnet Operator (@xo-network)
"""

EXAMPLES = r"""
- name: How long has it been up
  xo.tailnet.fabric_task:
    task: uptime
"""

RETURN = r"""
msg:
  description: What the task returned, or why it failed.
  returned: always
  type: str
output:
  description: What its commands printed.
  returned: always
  type: str
"""
