// Reads histories of registers from stdin, and says by porcupine of each whether it is linearizable.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"

	"github.com/anishathalye/porcupine"
)

type operation struct {
	Key   string   `json:"key"`
	Kind  string   `json:"kind"`
	Value int      `json:"value"`
	Start float64  `json:"start"`
	End   *float64 `json:"end"`
}

// A register for each key, which has 0 until something is put.
var registers = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		keys := map[string][]porcupine.Operation{}
		for _, each := range history {
			key := each.Input.(operation).Key
			keys[key] = append(keys[key], each)
		}
		parts := make([][]porcupine.Operation, 0, len(keys))
		for _, part := range keys {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() interface{} { return 0 },
	Step: func(state, input, output interface{}) (bool, interface{}) {
		asked := input.(operation)
		if asked.Kind == "put" {
			return true, asked.Value
		}
		return state == asked.Value, state
	},
}

func isLinearizable(operations []operation) bool {
	history := make([]porcupine.Operation, 0, len(operations))
	for i, each := range operations {
		// Microseconds: the milliseconds of a history have fractions. A put without an end may still take effect.
		end := int64(math.MaxInt64)
		if each.End != nil {
			end = int64(*each.End * 1000)
		}
		history = append(history, porcupine.Operation{
			ClientId: i, Input: each, Call: int64(each.Start * 1000), Return: end,
		})
	}
	return porcupine.CheckOperations(registers, history)
}

func main() {
	var histories [][]operation
	if err := json.NewDecoder(os.Stdin).Decode(&histories); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	verdicts := make([]bool, 0, len(histories))
	for _, each := range histories {
		verdicts = append(verdicts, isLinearizable(each))
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		os.Exit(2)
	}
}
