package remember

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// keySize is that of AES-256.
const keySize = 32

// maxUnpacked bounds what a value may grow to when it is unpacked.
const maxUnpacked = 256 << 20

// key returns the machine's key, made on first use. Two processes may make it
// at once: the link decides, both then read the same.
func (s *Store) key() ([]byte, error) {
	file := filepath.Join(s.dir, "key")
	if key, err := readKey(file); !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	tmp, err := os.CreateTemp(s.dir, ".key-")
	if err != nil {
		return nil, fmt.Errorf("making the key for godrift's state: %w", err)
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // a second name of the key, or an unused one
	fresh := make([]byte, keySize)
	rand.Read(fresh) // it ends the program rather than fail
	_, err = tmp.Write(fresh)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		if err = os.Link(tmp.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
			// Some file systems have no links; the folder is locked while the
			// database is being opened, so a rename does as well.
			err = os.Rename(tmp.Name(), file)
		}
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("writing the key for godrift's state: %w", err)
	}
	return readKey(file)
}

func readKey(file string) ([]byte, error) {
	// Opening a pipe would wait for somebody who writes.
	info, err := os.Lstat(file)
	if err != nil {
		return nil, fmt.Errorf("reading the key for godrift's state: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("reading the key for godrift's state: %s is no regular file: move it away, a new one is made then", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("reading the key for godrift's state: %w", err)
	}
	defer f.Close()
	key, err := io.ReadAll(io.LimitReader(f, keySize+1))
	if err != nil {
		return nil, fmt.Errorf("reading the key for godrift's state: %w", err)
	}
	if len(key) != keySize {
		return nil, fmt.Errorf("reading the key for godrift's state: %s has %d bytes, not %d: move it away, a new one is made then (fixes of the past cannot be undone any more)", file, info.Size(), keySize)
	}
	return key, nil
}

// seal compresses and encrypts plain.
func seal(key, plain []byte) ([]byte, error) {
	packed, err := pack(plain)
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	aead, err := sealer(key)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, packed, nil), nil
}

// unseal reverses seal.
func unseal(key, sealed []byte) ([]byte, error) {
	aead, err := sealer(key)
	if err != nil {
		return nil, err
	}
	packed, err := aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("opening what was sealed with another key, or was damaged: %w", err)
	}
	plain, err := unpack(packed)
	if err != nil {
		return nil, fmt.Errorf("opening what was sealed: %w", err)
	}
	return plain, nil
}

// pack compresses plain.
func pack(plain []byte) ([]byte, error) {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.DefaultCompression)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	return packed.Bytes(), err
}

// unpack reverses pack.
func unpack(packed []byte) ([]byte, error) {
	return io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxUnpacked))
}

func sealer(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	return aead, nil
}
