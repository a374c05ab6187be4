// Package discordfake is a Discord on the loopback interface for tests: the
// gateway, interactions with their clocks, the REST API with its rate limits,
// and the validation that the real one does. People are played by the methods
// of [Server]; what they then see can be asked.
package discordfake
