// Package discordfake is a Discord on the loopback interface for tests: the
// gateway, interactions with their clocks, the REST API with its rate limits,
// and the validation that the real one does. People are played by the methods
// of [Server]; what they then see can be asked.
//
//	s := discordfake.New(discordfake.Options{})
//	defer s.Close()
//	guild := s.AddGuild()
//	channel := s.AddChannel(guild)
//	ann := s.AddUser("Ann")
//	// start the bot with s.Token and s.APIURL(), then
//	in := s.Command(ann, channel, "brief", discordfake.Option{Name: "source", Value: "https://example.com"})
//	err := s.Until(ctx, func() bool { return in.Answered() })
//
// Whatever the bot sends that Discord would refuse is refused, and kept in
// [Server.Faults] with what Discord would take but we would not: a mention that
// is alive, a message without allowed_mentions.
package discordfake
