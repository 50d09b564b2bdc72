using System.Security.Cryptography;
using System.Text;

namespace Carrel.Api;

/// <summary>Ids of system-assigned identities that follow from the resource's unique id: a resource made anew under an old name has another one.</summary>
internal static class IdentityIds
{
    internal static Guid Of(Guid resourceUid, string purpose)
    {
        byte[] hash = SHA256.HashData([.. resourceUid.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(purpose)]);
        // RFC 9562, version 8: free form, marked as such.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
