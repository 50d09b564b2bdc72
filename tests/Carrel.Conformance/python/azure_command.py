"""Runs the Azure command line as a person would, with a configuration folder of its own."""

import json
import os
import subprocess

os.makedirs("/tmp/.azure")
os.environ.update(AZURE_CONFIG_DIR="/tmp/.azure", AZURE_CORE_INSTANCE_DISCOVERY="false", AZURE_CORE_COLLECT_TELEMETRY="false", AZURE_CORE_NO_COLOR="true")


def az(*words):
    """Runs a command that has to succeed; its output, read as JSON."""
    done = subprocess.run(["az", *words, "--output", "json", "--only-show-errors"], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"az {' '.join(words[:3])} ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout) if done.stdout.strip() else None


def az_refused(*words):
    """Runs a command that has to fail; what it says to the person."""
    done = subprocess.run(["az", *words, "--output", "json"], capture_output=True, text=True)
    if done.returncode == 0:
        raise AssertionError(f"az {' '.join(words[:3])} was accepted")
    return done.stderr
