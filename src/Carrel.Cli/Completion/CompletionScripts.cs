namespace Carrel.Cli.Completion;

/// <summary>
/// Scripts that teach a shell to complete: each hands the words before the cursor to <c>carrel __complete</c> and offers the lines that come back.
/// Where there are none the shell offers files.
/// </summary>
internal static class CompletionScripts
{
    /// <summary>The shells that have one.</summary>
    public static readonly string[] Shells = ["bash", "fish", "zsh"];

    /// <summary>The script of a shell.</summary>
    public static string For(string shell) => (shell switch { "bash" => Bash, "zsh" => Zsh, _ => Fish }).ReplaceLineEndings("\n") + "\n";

    private const string Bash = """
        # carrel completion for bash. Put into ~/.bashrc:  source <(carrel completion bash)
        _carrel() {
            local IFS=$'\n'
            COMPREPLY=($(carrel __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
        }
        complete -o default -F _carrel carrel
        """;

    private const string Zsh = """
        #compdef carrel
        # carrel completion for zsh. Put into ~/.zshrc after compinit:  source <(carrel completion zsh)
        _carrel() {
            local -a offers
            offers=("${(@f)$(carrel __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            if [[ -n "${offers[1]}" ]]; then
                compadd -- "${offers[@]}"
            else
                _files
            fi
        }
        compdef _carrel carrel
        """;

    private const string Fish = """
        # carrel completion for fish. Once:  carrel completion fish > ~/.config/fish/completions/carrel.fish
        function __carrel_complete
            set -l words (commandline -opc) (commandline -ct)
            carrel __complete $words[2..-1] 2>/dev/null
        end
        complete -c carrel -a '(__carrel_complete)'
        """;
}
