"""The standard security handler of PDF 1.6: version 4, revision 4, AES with a key of 128 bits.

That is how the published letters are encrypted. No random bytes: the initial vectors come from the data, so that the same letter
gives the same file. Nothing is protected by this, and it must not be used to protect anything.
"""

import hashlib

PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
OWNER_PASSWORD = b"owner"
PERMISSIONS = -1340
"""Printing and nothing else, as in the published letters."""


def md5(data):
    return hashlib.md5(data).digest()


class Lock:
    """The key of one file."""

    def __init__(self, user_password, identifier):
        user = (user_password.encode() + PAD)[:32]
        owner_key = md5((OWNER_PASSWORD + PAD)[:32])
        for _ in range(50):
            owner_key = md5(owner_key)
        self.owner = rc4_twenty_times(owner_key, user)
        self.key = md5(user + self.owner + PERMISSIONS.to_bytes(4, "little", signed=True) + identifier)
        for _ in range(50):
            self.key = md5(self.key)
        self.user = rc4_twenty_times(self.key, md5(PAD + identifier)) + bytes(16)

    def dictionary(self):
        """The encryption dictionary."""
        return (
            b"<</Filter/Standard/V 4/R 4/Length 128/P %d/O<%s>/U<%s>"
            b"/CF<</StdCF<</AuthEvent/DocOpen/CFM/AESV2/Length 16>>>>/StmF/StdCF/StrF/StdCF>>"
        ) % (PERMISSIONS, self.owner.hex().encode(), self.user.hex().encode())

    def encrypt(self, data, number):
        """The data of the object with that number, its initial vector in front."""
        cipher = Aes(md5(self.key + number.to_bytes(3, "little") + bytes(2) + b"sAlT"))
        block = md5(data)
        out = [block]
        fill = 16 - len(data) % 16
        data += bytes([fill]) * fill
        for at in range(0, len(data), 16):
            block = cipher.encrypt(bytes(a ^ b for a, b in zip(block, data[at : at + 16])))
            out.append(block)
        return b"".join(out)


def rc4_twenty_times(key, data):
    for turn in range(20):
        data = rc4(bytes(k ^ turn for k in key), data)
    return data


def rc4(key, data):
    state, j, out = list(range(256)), 0, []
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def doubled(x):
    """x times 2 in the field of AES."""
    return (x << 1 ^ 0x11B) & 0xFF if x & 0x80 else x << 1


def sbox():
    """The substitution of AES: the inverse in the field, then an affine map."""
    box, p, q = [0] * 256, 1, 1
    while True:
        p ^= doubled(p)
        for shift in (1, 2, 4):
            q ^= q << shift & 0xFF
        q ^= 0x09 if q & 0x80 else 0
        turned = lambda n: (q << n | q >> 8 - n) & 0xFF
        box[p] = q ^ turned(1) ^ turned(2) ^ turned(3) ^ turned(4) ^ 0x63
        if p == 1:
            box[0] = 0x63
            return box


SBOX = sbox()


class Aes:
    """AES with a key of 128 bits, encrypting only."""

    def __init__(self, key):
        words, factor = [key[n : n + 4] for n in range(0, 16, 4)], 1
        while len(words) < 44:
            word = words[-1]
            if len(words) % 4 == 0:
                word = bytes(SBOX[b] for b in word[1:] + word[:1])
                word = bytes([word[0] ^ factor]) + word[1:]
                factor = doubled(factor)
            words.append(bytes(a ^ b for a, b in zip(word, words[-4])))
        self.rounds = [b"".join(words[n : n + 4]) for n in range(0, 44, 4)]

    def encrypt(self, block):
        """One block of 16 bytes."""
        state = [a ^ b for a, b in zip(block, self.rounds[0])]
        for turn in range(1, 11):
            state = [SBOX[state[(n + 4 * (n % 4)) % 16]] for n in range(16)]
            if turn < 10:
                state = [byte for n in range(0, 16, 4) for byte in mixed(state[n : n + 4])]
            state = [a ^ b for a, b in zip(state, self.rounds[turn])]
        return bytes(state)


def mixed(column):
    """A column multiplied by AES's matrix."""
    every = column[0] ^ column[1] ^ column[2] ^ column[3]
    return [column[n] ^ every ^ doubled(column[n] ^ column[(n + 1) % 4]) for n in range(4)]
