// Command fsck checks a tiled log with Tessera's own fsck library: every tile, every entry bundle and the checkpoint's root.
//
//	fsck URL VERIFIER-KEY-FILE      URL: file:///folder/ or https://host/path/
//
// AUTHORIZATION_FILE may name a file with the value of the Authorization header. Exit: 0 good, 1 bad, 2 could not check.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
)

const (
	exitGood, exitBad, exitUnchecked = 0, 1, 2
	// with one worker the library waits for ever on a mismatch
	workers = 256
	longest = 2 * time.Minute
)

func main() {
	if len(os.Args) != 3 {
		leave(exitUnchecked, errors.New("usage: fsck URL VERIFIER-KEY-FILE"))
	}
	log, err := fetcherOf(os.Args[1])
	if err != nil {
		leave(exitUnchecked, err)
	}
	key, err := os.ReadFile(os.Args[2])
	if err != nil {
		leave(exitUnchecked, err)
	}
	verifier, err := fnote.NewVerifier(strings.TrimSpace(string(key)))
	if err != nil {
		leave(exitUnchecked, err)
	}
	time.AfterFunc(longest, func() { leave(exitBad, errors.New("no verdict within two minutes, which this library shows on a mismatch")) })
	if err := fsck.New(verifier.Name(), verifier, log, leaves, fsck.Opts{N: workers}).Check(context.Background()); err != nil {
		leave(exitBad, err)
	}
	fmt.Printf("fsck: %s is good\n", verifier.Name())
}

func fetcherOf(address string) (fsck.Fetcher, error) {
	root, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if root.Scheme == "file" {
		return &client.FileFetcher{Root: root.Path}, nil
	}
	web, err := client.NewHTTPFetcher(root, nil)
	if err != nil {
		return nil, err
	}
	if name := os.Getenv("AUTHORIZATION_FILE"); name != "" {
		value, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		web.SetAuthorizationHeader(strings.TrimSpace(string(value)))
	}
	return web, nil
}

func leaves(bundle []byte) ([][]byte, error) {
	parsed := &api.EntryBundle{}
	if err := parsed.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	hashes := make([][]byte, 0, len(parsed.Entries))
	for _, entry := range parsed.Entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(entry))
	}
	return hashes, nil
}

func leave(code int, err error) {
	// a tile's bytes may stand in the message: the beginning says what is wrong
	fmt.Fprintf(os.Stderr, "fsck: %.300s\n", err)
	os.Exit(code)
}
