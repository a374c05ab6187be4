package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"onrecord/factcheck"
)

// maxTable is the most that one file of tables may have.
const maxTable = 1 << 20

// tables are the operator's tables of how to check claims with the built-in
// ones behind them; nil when the operator has none.
func (a *app) tables() (*factcheck.Tables, error) {
	a.once.tables.Do(func() { a.advice, a.adviceErr = readTables(a.CheckTables) })
	return a.advice, a.adviceErr
}

func readTables(paths []string) (*factcheck.Tables, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	all := factcheck.DefaultTables()
	for _, path := range paths {
		own, err := readTable(path)
		if err != nil {
			return nil, err
		}
		all = all.Extend(own)
	}
	return all, nil
}

// readTable reads a file of tables, or the .txt files of a folder.
func readTable(path string) (*factcheck.Tables, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fail(err, "There are no tables at %s: check ONRECORD_CHECK_TABLES.", path)
	case err != nil:
		return nil, fail(err, "The tables at %s cannot be read (%s).", path, reason(err))
	}
	names := []string{path}
	if info.IsDir() {
		if names, err = filepath.Glob(filepath.Join(path, "*.txt")); err != nil || len(names) == 0 {
			return nil, fail(err, "The folder %s has no tables: they are files whose names end in .txt.", path)
		}
	}
	var files []factcheck.TableFile
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err == nil && len(data) > maxTable {
			err = fmt.Errorf("it is larger than %d MB", maxTable>>20)
		}
		if err != nil {
			return nil, fail(err, "The table %s cannot be read (%s).", name, reason(err))
		}
		files = append(files, factcheck.TableFile{Name: filepath.Base(name), Text: string(data)})
	}
	own, err := factcheck.ParseTables(files...)
	if err != nil {
		return nil, fail(err, "The tables at %s cannot be used: %s.", path, oneLine(err))
	}
	return own, nil
}

func checkTables(_ context.Context, a *app) finding {
	tables, err := a.tables()
	if err != nil {
		return finding{wrong, "tables", sentence(err)}
	}
	if tables == nil {
		rules, _ := factcheck.DefaultTables().Size()
		return finding{fine, "tables", fmt.Sprintf("%d built-in rules of how to check; set ONRECORD_CHECK_TABLES to add your own", rules)}
	}
	rules, offices := tables.Size()
	return finding{fine, "tables", fmt.Sprintf("%d rules of how to check, %d offices", rules, offices)}
}
