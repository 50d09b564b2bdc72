"""az, as a person runs it who has read client.env: there it finds the cloud by itself (ARM_CLOUD_METADATA_URL)."""

import json
import os
import subprocess

from cases import equal

url = os.environ["CARREL_URL"]
os.makedirs("/tmp/.azure")
os.environ.update(AZURE_CONFIG_DIR="/tmp/.azure", AZURE_CORE_INSTANCE_DISCOVERY="false", AZURE_CORE_COLLECT_TELEMETRY="false", AZURE_CORE_NO_COLOR="true")


def az(*words, home=None):
    """Runs a command that has to succeed; its output, read as JSON. A home is the configuration of somebody else."""
    done = subprocess.run(["az", *words, "--output", "json", "--only-show-errors"], capture_output=True, text=True, env=environment(home))
    if done.returncode != 0:
        raise AssertionError(f"az {' '.join(words[:3])} ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout) if done.stdout.strip() else None


def az_refused(*words, home=None):
    """Runs a command that has to fail; what it says to the person."""
    done = subprocess.run(["az", *words, "--output", "json"], capture_output=True, text=True, env=environment(home))
    if done.returncode == 0:
        raise AssertionError(f"az {' '.join(words[:3])} was accepted")
    return done.stderr


def environment(home):
    """The variables of a command, with the configuration of somebody else where one is named."""
    return os.environ if home is None else {**os.environ, "AZURE_CONFIG_DIR": home}


def set_cloud(home=None):
    """Chooses Carrel, as everybody does once."""
    if home is not None:
        os.makedirs(home)
    az("cloud", "set", "--name", "Carrel", home=home)


def sign_in():
    """Signs in as the service principal."""
    rows = az("login", "--service-principal", "-u", os.environ["CARREL_CLIENT_ID"], "-p", os.environ["CARREL_CLIENT_SECRET"], "--tenant", os.environ["CARREL_TENANT"])
    equal([row["id"] for row in rows], [os.environ["CARREL_SUBSCRIPTION"]])
