"""Rescue mode: what Jupyter is while the disk is full (contract 1.4)."""

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

ARGUMENTS = [
    "--ServerApp.kernel_spec_manager_class=rescue.NoKernels",
    # The whole home, not the share alone: what fills the disk is to be found and deleted.
    "--ServerApp.root_dir=/home/azureuser",
    "--ServerApp.preferred_dir=/home/azureuser",
]

# What Jupyter would write to the full disk.
KEPT_IN_MEMORY = {
    "JUPYTER_DATA_DIR": "/run/carrel/jupyter/data",
    "JUPYTERLAB_SETTINGS_DIR": "/run/carrel/jupyter/settings",
    "JUPYTERLAB_WORKSPACES_DIR": "/run/carrel/jupyter/workspaces",
    "IPYTHONDIR": "/run/carrel/jupyter/ipython",
    "TMPDIR": "/run/carrel/jupyter",
}


class NoKernels(KernelSpecManager):
    """Knows no kernel, not even the one that Jupyter itself brings along under a name that needs no file."""

    def find_kernel_specs(self):
        return {}

    def get_all_specs(self):
        return {}

    def get_kernel_spec(self, kernel_name):
        raise NoSuchKernel(kernel_name)
