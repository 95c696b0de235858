// Reads a log of ours with the client of the Go checksum database (golang.org/x/mod/sumdb): the note
// and its signature, every entry's hash through the tiles, and the consistency of two sizes.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// tiles reads tiles of height 8 under the names of C2SP tlog-tiles.
type tiles struct{ folder string }

func (t tiles) Height() int                              { return 8 }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (t tiles) name(tile tlog.Tile) string {
	// tlog writes tile/8/LEVEL/…; C2SP leaves the height out and calls level -1 "entries".
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	return filepath.Join(t.folder, "tile", strings.Replace(path, "data", "entries", 1))
}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for at, tile := range wanted {
		bytes, err := os.ReadFile(t.name(tile))
		if err != nil {
			full := tile
			full.W = 1 << 8
			if bytes, err = os.ReadFile(t.name(full)); err != nil {
				return nil, err
			}
			bytes = bytes[:tile.W*tlog.HashSize]
		}
		found[at] = bytes
	}
	return found, nil
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// treeOf opens a checkpoint with the key and returns the tree that it vouches for.
func treeOf(file string, verifier note.Verifier) tlog.Tree {
	bytes, err := os.ReadFile(file)
	must(err)
	opened, err := note.Open(bytes, note.VerifierList(verifier))
	must(err)
	lines := strings.SplitN(opened.Text, "\n", 2)
	if lines[0] != verifier.Name() {
		must(fmt.Errorf("origin %q", lines[0]))
	}
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + lines[1]))
	must(err)
	return tree
}

func entriesOf(folder string, tree tlog.Tree) [][]byte {
	var entries [][]byte
	for n := int64(0); n*256 < tree.N; n++ {
		width := min(int64(256), tree.N-n*256)
		tile := tlog.Tile{H: 8, L: -1, N: n, W: int(width)}
		bytes, err := os.ReadFile(tiles{folder}.name(tile))
		must(err)
		for len(bytes) > 0 {
			end := 2 + int(binary.BigEndian.Uint16(bytes))
			entries = append(entries, bytes[2:end])
			bytes = bytes[end:]
		}
	}
	return entries
}

func main() {
	folder, key, older := os.Args[1], os.Args[2], os.Args[3]
	verifier, err := note.NewVerifier(key)
	must(err)
	tree := treeOf(filepath.Join(folder, "checkpoint"), verifier)
	old := treeOf(older, verifier)
	reader := tlog.TileHashReader(tree, tiles{folder})
	entries := entriesOf(folder, tree)
	for index, entry := range entries {
		hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(index))})
		must(err)
		if hashes[0] != tlog.RecordHash(entry) {
			must(fmt.Errorf("entry %d does not fit its hash", index))
		}
	}
	last := int64(len(entries)) - 1
	proof, err := tlog.ProveRecord(tree.N, last, reader)
	must(err)
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, last, tlog.RecordHash(entries[last])))
	growth, err := tlog.ProveTree(tree.N, old.N, reader)
	must(err)
	must(tlog.CheckTree(growth, tree.N, tree.Hash, old.N, old.Hash))
	fmt.Printf("%d entries, grown from %d\n", len(entries), old.N)
}
