namespace Carrel.Instances.Lifecycle;

/// <summary>State of a compute instance (contract 1.4); the names are the words of the wire.</summary>
public enum InstanceState
{
    /// <summary>The machine is being made.</summary>
    Creating,

    /// <summary>The machine could not be made.</summary>
    CreateFailed,

    /// <summary>Being removed.</summary>
    Deleting,

    /// <summary>Usable.</summary>
    Running,

    /// <summary>Stopping in order to start again.</summary>
    Restarting,

    /// <summary>Usable, and at least one job is between Preparing and Finalizing.</summary>
    JobRunning,

    /// <summary>The machine is up, its services are coming.</summary>
    SettingUp,

    /// <summary>The services did not come up.</summary>
    SetupFailed,

    /// <summary>On its way to Running.</summary>
    Starting,

    /// <summary>Off; its disk is kept.</summary>
    Stopped,

    /// <summary>On its way to Stopped.</summary>
    Stopping,

    /// <summary>The user's setup scripts run.</summary>
    UserSettingUp,

    /// <summary>A setup script failed; the machine can be opened and repaired.</summary>
    UserSetupFailed,

    /// <summary>The agent has not been heard for the heartbeat limit.</summary>
    Unknown,

    /// <summary>The machine was lost, or ended by itself.</summary>
    Unusable,
}

/// <summary>ARM provisioning state of a compute (contract 1.1).</summary>
public enum ProvisioningState
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>A change is going on.</summary>
    Updating,

    /// <summary>The first change is going on.</summary>
    Creating,

    /// <summary>Removal is going on.</summary>
    Deleting,

    /// <summary>Nothing is going on and the last change went well.</summary>
    Succeeded,

    /// <summary>The last change failed.</summary>
    Failed,

    /// <summary>The last change was given up.</summary>
    Canceled,
}
