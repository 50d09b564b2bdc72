"""Defaults of this workstation; a file of the same name in ~/.jupyter may change them.

What keeps Jupyter behind the gateway is not here: /usr/lib/carrel/jupyter/serve.py sets it above every configuration file.
"""

import os

c = get_config()  # noqa: F821

c.ServerApp.root_dir = "/home/azureuser/cloudfiles/code"
owner_folder = os.environ.get("CARREL_OWNER_FOLDER", "")
if os.path.isdir(owner_folder):
    c.ServerApp.preferred_dir = owner_folder

# The share is another file system than the home folder, where the trash would be.
c.FileContentsManager.delete_to_trash = False
# Packages come from Debian or pip; the gallery of extensions needs the network and a rebuild.
c.LabApp.extension_manager = "readonly"
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None
