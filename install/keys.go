package install

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Keys seal secrets with AES-256-GCM. The first one seals; the others open what
// was sealed before it came.
//
// A sealed secret is a version, four bytes that tell which key it was, a random
// nonce of twelve bytes, and the ciphertext with its tag of sixteen. With random
// nonces a key is good for 2^32 secrets (NIST SP 800-38D, 8.3).
type Keys struct{ all []key }

type key struct {
	raw  []byte
	id   [4]byte
	aead cipher.AEAD
}

const (
	keySize = 32
	version = 1
)

// ParseKeys reads keys: 32 bytes each in base64, parted by commas, the one that
// seals first. Its error never repeats them.
func ParseKeys(text string) (*Keys, error) {
	keys := &Keys{}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimRight(strings.TrimSpace(part), "=")
		if part == "" {
			continue
		}
		part = strings.NewReplacer("-", "+", "_", "/").Replace(part)
		raw, err := base64.RawStdEncoding.DecodeString(part)
		if err != nil || len(raw) != keySize {
			return nil, errors.New("not 32 bytes in base64, as 'openssl rand -base64 32' makes them; several are parted by commas, the newest first")
		}
		k, err := newKey(raw)
		if err != nil {
			return nil, err
		}
		keys.all = append(keys.all, k)
	}
	if len(keys.all) == 0 {
		return nil, errors.New("no key was given")
	}
	return keys, nil
}

func newKey(raw []byte) (key, error) {
	block, err := aes.NewCipher(raw)
	if err != nil {
		return key{}, fmt.Errorf("making a key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return key{}, fmt.Errorf("making a key: %w", err)
	}
	k := key{raw: raw, aead: aead}
	sum := sha256.Sum256(append([]byte("onrecord key\x00"), raw...))
	copy(k.id[:], sum[:])
	return k, nil
}

func (k *Keys) seal(plain, owner []byte) []byte {
	first := k.all[0]
	out := append([]byte{version}, first.id[:]...)
	return first.aead.Seal(out, nil, plain, owner)
}

func (k *Keys) open(sealed, owner []byte) (plain []byte, current bool, err error) {
	if len(sealed) < 5 || sealed[0] != version {
		return nil, false, ErrKey
	}
	for i, one := range k.all {
		if !bytes.Equal(one.id[:], sealed[1:5]) {
			continue
		}
		if plain, err = one.aead.Open(nil, nil, sealed[5:], owner); err == nil {
			return plain, i == 0, nil
		}
	}
	return nil, false, ErrKey
}

// Derive makes a key for another purpose out of the first one.
func (k *Keys) Derive(purpose string) []byte {
	derived, err := hkdf.Key(sha256.New, k.all[0].raw, nil, "onrecord "+purpose, keySize)
	if err != nil {
		panic(err) // only a length of more than 255 hashes is refused
	}
	return derived
}

// String hides the keys.
func (*Keys) String() string { return hidden }

// GoString hides the keys.
func (*Keys) GoString() string { return hidden }
