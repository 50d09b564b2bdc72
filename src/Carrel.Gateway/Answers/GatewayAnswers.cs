using Carrel.Access.SignIn;
using Carrel.Arm.Errors;
using Carrel.Arm.Identity;
using Carrel.Gateway.Instances;
using Carrel.Gateway.Opening;
using Carrel.Gateway.WayIn;

namespace Carrel.Gateway.Answers;

/// <summary>Everything the gateway says itself, in one place.</summary>
internal static class GatewayAnswers
{
    private const int ReloadSeconds = 3;

    private static readonly HashSet<string> ComingUp = new(StringComparer.OrdinalIgnoreCase)
    {
        "Creating", "Starting", "SettingUp", "UserSettingUp", "Restarting",
    };

    internal static readonly GatewayAnswer BadTarget = new(400, "InvalidRequestTarget", "This address is not right",
        "The request target has to be a path that begins with '/', in printable ASCII characters without '#'.");

    internal static readonly GatewayAnswer NotFound = new(404, "NotFound", "Nothing here", "The gateway has no such page.");

    internal static readonly GatewayAnswer MethodNotAllowed = new(405, "MethodNotAllowed", "Not this way", "This page of the gateway does not answer this method.");

    internal static readonly GatewayAnswer AccessDenied = new(403, "ComputeInstanceAccessDenied", "No access", GatewayClient.Refusal);

    internal static GatewayAnswer RoleMissing(Caller caller, InstanceRoute route) =>
        new(403, "AuthorizationFailed", "No access", AuthorizationErrors.FailedMessage(caller, InstanceAccess.Action, route.ResourceId));

    internal static readonly GatewayAnswer ForeignOrigin = new(403, "OriginNotAllowed", "Refused",
        "With a cookie, upgrades and methods that change something need an Origin header that is exactly this instance's origin. Programs send a bearer token instead.");

    internal static readonly GatewayAnswer RootServiceWorker = new(403, "ServiceWorkerNotAllowed", "Refused",
        "A service worker of the whole origin would see sign-in codes. Put its script into a folder: it is then responsible for that folder only.");

    internal static readonly GatewayAnswer WayInFailed = new(400, "SignInNotCompleted", "Signing in did not work",
        "This sign-in was not begun in this browser, took too long, or was used before.", Html.Of($"<p><a href=\"/\">Try again</a></p>"))
    {
        AlwaysPage = true,
    };

    internal static GatewayAnswer Unauthorized(string? code, string? message, string challenge) => new(401, code ?? "AuthenticationFailed", "Sign in",
        message ?? "Authentication failed. Sign in with a browser, or send 'Authorization: Bearer <token>'.")
    {
        Challenge = challenge,
    };

    internal static GatewayAnswer NotRunning(InstanceRoute route, string studio)
    {
        bool coming = ComingUp.Contains(route.State);
        return coming
            ? new(409, "ComputeInstanceNotRunning", $"{route.Name} is coming up", $"The compute instance '{route.Name}' is {route.State}. It opens as soon as it runs.",
                Html.Of($"<p>This page loads itself anew.</p>"))
            {
                Reload = ReloadSeconds,
            }
            : new(409, "ComputeInstanceNotRunning", $"{route.Name} is not running",
                $"The compute instance '{route.Name}' is {route.State}. Start it, then open it again.",
                Html.Of($"""
                    <p>Start it with a command, or with any Azure ML client:</p>
                    <pre>carrel compute start --name {route.Name}</pre>
                    <p><a href="">Try again</a>, or go to <a href="{studio}">your instances</a>.</p>
                    """));
    }

    internal static GatewayAnswer NoAnswer(string name) => new(502, "ComputeInstanceNotAnswering", $"{name} does not answer",
        $"The compute instance '{name}' runs, but its application does not answer. Wait a moment and try again; if that does not help, restart the instance.",
        Html.Of($"<p><a href=\"\">Try again</a></p>"));

    internal static GatewayAnswer NoSuchApplication(string name, int port) => new(404, "ApplicationNotFound", "No such application",
        $"No custom service of the compute instance '{name}' has published port {port}.");

    internal static GatewayAnswer ApplicationNotAnswering(string name, string application) => new(502, "ApplicationNotAnswering", $"{application} does not answer",
        $"The custom service '{application}' of the compute instance '{name}' is not running.",
        Html.Of($"<p><a href=\"\">Try again</a></p>"));

    internal static readonly GatewayAnswer SignOutPage = new(200, "SignOut", "Sign out",
        "Ends this browser's session with this compute instance and closes what is open. The instance goes on running.",
        Html.Of($"<form method=\"post\" action=\"{GatewayPaths.SignOut}\"><button>Sign out of this instance</button></form>"))
    {
        AlwaysPage = true,
    };

    internal static GatewayAnswer SignedOut(string studio) => new(200, "SignedOut", "Signed out",
        "This browser's session with this compute instance has ended.",
        Html.Of($"<p>You may still be signed in to <a href=\"{studio}\">the studio</a>; sign out there too before you leave a shared computer.</p>"))
    {
        AlwaysPage = true,
    };
}
