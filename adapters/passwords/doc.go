// Package passwords makes and checks password hashes in Django's spelling, and never
// works on more of them at once than it was told.
//
// Every new hash is Argon2id, spelled so that Django can check it too. Every hash that
// Django's own hashers make can be checked: pbkdf2_sha256, pbkdf2_sha1, argon2 (all three
// variants, versions 0x10 and 0x13), bcrypt, bcrypt_sha256 and scrypt. MD5 and SHA-1 hashes
// of long ago match nothing, as in Django today.
//
// A string is a hash only if it is spelled exactly as its maker spells it, because Django
// makes the string again and compares the two: a leading zero or a stray space is a hash
// of nothing. So is a hash whose cost is beyond a ceiling, or else an imported record
// could keep a worker busy for minutes. The ceilings (the max… constants) leave a check
// ten seconds and 256 MiB at most, and lie well above what Django and OWASP ask for.
//
// Memory is bounded whatever was imported. A check that needs more than 32 MiB, and more
// than a new hash does, is large: one large check runs at a time, and those that wait for
// it keep no worker from the others. At worst the workers need Workers × Config.Memory
// (or 32 MiB if that is more) and one large check 256 MiB. The garbage collector's
// overhead comes on top.
//
// What the libraries do differently: golang.org/x/crypto/argon2 knows neither Argon2d nor
// version 0x10, so those are computed here; its bcrypt cuts a password after 72 bytes in
// silence, so longer ones match nothing here.
package passwords
