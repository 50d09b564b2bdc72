using Carrel.Instances.Ssh;
using Carrel.Instances.Tests.Examples;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Ssh;

public sealed class SshPublicKeyTests
{
    [Theory]
    [InlineData("rsa2048")]
    [InlineData("ed25519")]
    [InlineData("ecdsa256")]
    [InlineData("ecdsa384")]
    [InlineData("ecdsa521")]
    public void Statement_13_T4_a_real_key_is_kept_as_it_is_with_its_comment(string name)
    {
        var line = Example.Key(name);
        SshPublicKey.Read("  " + line + "\r\n").ShouldBe(new SshKeyReading(line, null));
    }

    [Theory]
    [InlineData("ssh2")]
    [InlineData("spki")]
    [InlineData("pkcs1")]
    public void Other_public_forms_of_an_rsa_key_become_the_same_line(string form)
    {
        var line = Example.Key("rsa2048");
        SshPublicKey.Read(Example.Key(form)).Line.ShouldBe(line[..line.LastIndexOf(' ')]);
    }

    [Theory]
    [InlineData("rsa1024")]
    [InlineData("dsa")]
    [InlineData("ecSpki")]
    public void Statement_13_T4_a_weak_or_unknown_key_is_refused(string name)
    {
        var reading = SshPublicKey.Read(Example.Key(name));
        reading.Line.ShouldBeNull();
        reading.Reason.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void Statement_13_T4_malformed_texts_are_refused()
    {
        var good = Example.Key("ed25519");
        string[] bad =
        [
            good[..40], good[..60], "command=\"x\" " + good, good + "\n" + good, "ssh-rsa " + good.Split(' ')[1], "ssh-ed25519", "garbage",
            "", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
            "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA", "ssh-ed25519-cert-v01@openssh.com AAAA", new string('a', 20_000), "ssh-rsa AAAA me\tx",
        ];
        bad.ShouldAllBe(text => SshPublicKey.Read(text).Line == null);
    }

    [Fact]
    public void A_private_key_is_named_as_such() =>
        SshPublicKey.Read("-----BEGIN RSA PRIVATE KEY-----").Reason!.ShouldContain("private key");

    [Fact]
    public void A_key_that_is_cut_anywhere_is_refused()
    {
        var parts = Example.Key("ecdsa256").Split(' ');
        var blob = Convert.FromBase64String(parts[1]);
        Property.Check(Prop.ForAll(Gen.Choose(0, blob.Length - 1).ToArbitrary(), length =>
            SshPublicKey.Read($"{parts[0]} {Convert.ToBase64String(blob, 0, length)}").Line is null));
    }
}
