package discordfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// gateway is the web socket side.
type gateway struct {
	mu       sync.Mutex
	sessions map[string]*gatewaySession
	zombie   bool
	first    int // an operation to send instead of RESUMED, once

	identified map[int]time.Time // when one with a key last identified itself

	conns  map[*websocket.Conn]*sync.Mutex
	closed bool
}

// gatewaySession is what a bot may resume.
type gatewaySession struct {
	id   string
	seq  int64
	log  []payload
	conn *websocket.Conn // nil while it is lost
	lost time.Time

	shard, of int
}

// hears reports whether a session is told what happens in a server.
func (ses *gatewaySession) hears(guild string) bool { return shardOf(guild, ses.of) == ses.shard }

// shardOf is Discord's formula. What has no server goes to the first shard.
func shardOf(guild string, of int) int {
	id, err := strconv.ParseUint(guild, 10, 64)
	if err != nil {
		return 0
	}
	return int((id >> 22) % uint64(of))
}

// resumable is how long a session that has lost its socket is kept.
const resumable = time.Minute

// lose notes that a socket is lost. g.mu must be held.
func (g *gateway) lose(c *websocket.Conn) {
	for _, ses := range g.sessions {
		if ses.conn == c {
			ses.conn, ses.lost = nil, time.Now()
		}
	}
}

type payload struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  int64           `json:"s,omitempty"`
	Type string          `json:"t,omitempty"`
}

// send writes to a socket.
func (g *gateway) send(c *websocket.Conn, p payload) {
	g.mu.Lock()
	lock := g.conns[c]
	g.mu.Unlock()
	if lock == nil {
		return
	}
	if p.Data == nil {
		p.Data = json.RawMessage("null")
	}
	lock.Lock()
	defer lock.Unlock()
	_ = c.SetWriteDeadline(time.Now().Add(5 * time.Second))
	_ = c.WriteJSON(p)
}

// dispatch sends an event to every session, as Discord does when several
// processes have identified themselves for a shard. A session that has lost its
// socket finds it when it is resumed. Without any it is lost.
func (g *gateway) dispatch(kind string, data any) (delivered bool) {
	body, err := json.Marshal(data)
	if err != nil {
		panic(err) // only our own values come here
	}
	var of struct {
		ID    string `json:"id"`
		Guild string `json:"guild_id"`
	}
	_ = json.Unmarshal(body, &of)
	if strings.HasPrefix(kind, "GUILD_") {
		of.Guild = of.ID
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for id, ses := range g.sessions {
		if ses.conn == nil && time.Since(ses.lost) > resumable {
			delete(g.sessions, id)
			continue
		}
		if ses.hears(of.Guild) {
			g.tell(ses, kind, json.RawMessage(body))
			delivered = true
		}
	}
	return delivered
}

// tell sends an event to a session. g.mu must be held.
func (g *gateway) tell(ses *gatewaySession, kind string, data any) {
	body, err := json.Marshal(data)
	if err != nil {
		panic(err) // only our own values come here
	}
	ses.seq++
	p := payload{Op: 0, Data: body, Seq: ses.seq, Type: kind}
	ses.log = append(ses.log, p)
	if len(ses.log) > 5000 {
		ses.log = ses.log[1000:]
	}
	if ses.conn == nil {
		return
	}
	if lock := g.conns[ses.conn]; lock != nil {
		lock.Lock() // events stay in order
		_ = ses.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
		_ = ses.conn.WriteJSON(p)
		lock.Unlock()
	}
}

// Connected reports whether the bot has a session on a living socket.
func (s *Server) Connected() bool {
	s.gw.mu.Lock()
	defer s.gw.mu.Unlock()
	for _, ses := range s.gw.sessions {
		if ses.conn != nil {
			return true
		}
	}
	return false
}

// Shards counts the sessions on living sockets by their shards: "1/4".
func (s *Server) Shards() map[string]int {
	s.gw.mu.Lock()
	defer s.gw.mu.Unlock()
	all := map[string]int{}
	for _, ses := range s.gw.sessions {
		if ses.conn != nil {
			all[fmt.Sprintf("%d/%d", ses.shard, ses.of)]++
		}
	}
	return all
}

// SetShards changes how many shards are recommended.
func (s *Server) SetShards(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o.Shards = n
}

// DropSockets cuts all connections to the gateway. Sessions can be resumed.
func (s *Server) DropSockets() {
	s.gw.mu.Lock()
	defer s.gw.mu.Unlock()
	for c := range s.gw.conns {
		_ = c.NetConn().Close()
		s.gw.lose(c)
	}
}

// Invalidate cuts all connections and forgets the sessions: to resume is
// answered with op 9.
func (s *Server) Invalidate() {
	s.gw.mu.Lock()
	s.gw.sessions = map[string]*gatewaySession{}
	s.gw.mu.Unlock()
	s.DropSockets()
}

// AskReconnect sends op 7.
func (s *Server) AskReconnect() {
	s.gw.mu.Lock()
	var all []*websocket.Conn
	for _, ses := range s.gw.sessions {
		if ses.conn != nil {
			all = append(all, ses.conn)
		}
	}
	s.gw.mu.Unlock()
	for _, c := range all {
		s.gw.send(c, payload{Op: 7})
	}
}

// Zombie makes the gateway accept heartbeats without acknowledging them, and
// swallow what happens, on the connections there are.
func (s *Server) Zombie(on bool) {
	s.gw.mu.Lock()
	defer s.gw.mu.Unlock()
	s.gw.zombie = on
}

// ReconnectFirst makes the next resumed connection begin with op 7.
func (s *Server) ReconnectFirst() {
	s.gw.mu.Lock()
	defer s.gw.mu.Unlock()
	s.gw.first = 7
}

func (g *gateway) closeWith(code int, text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for c, lock := range g.conns {
		lock.Lock()
		_ = c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(time.Second))
		lock.Unlock()
		_ = c.NetConn().Close()
	}
	g.sessions = map[string]*gatewaySession{}
}

func (g *gateway) closeAll() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	for c := range g.conns {
		_ = c.NetConn().Close()
	}
}

// serveGateway speaks to one connection.
func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	g := &s.gw
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	c, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer c.Close()
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return
	}
	if g.conns == nil {
		g.conns = map[*websocket.Conn]*sync.Mutex{}
	}
	g.conns[c] = &sync.Mutex{}
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		delete(g.conns, c)
		g.lose(c)
		g.mu.Unlock()
		s.mu.Lock()
		s.change()
		s.mu.Unlock()
	}()
	hello, _ := json.Marshal(map[string]any{"heartbeat_interval": s.o.Heartbeat.Milliseconds()})
	g.send(c, payload{Op: 10, Data: hello})
	for {
		var in payload
		_ = c.SetReadDeadline(time.Now().Add(3 * s.o.Heartbeat))
		if err := c.ReadJSON(&in); err != nil {
			if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
				// A bot that says goodbye has no session any more.
				g.mu.Lock()
				for id, ses := range g.sessions {
					if ses.conn == c {
						delete(g.sessions, id)
					}
				}
				g.mu.Unlock()
			}
			return
		}
		switch in.Op {
		case 1:
			g.mu.Lock()
			zombie := g.zombie
			g.mu.Unlock()
			if !zombie {
				g.send(c, payload{Op: 11})
			}
		case 2:
			if !s.identify(c, in.Data) {
				return
			}
		case 6:
			s.resume(c, in.Data)
		}
	}
}

func (s *Server) identify(c *websocket.Conn, data json.RawMessage) bool {
	g := &s.gw
	var id struct {
		Token   string  `json:"token"`
		Intents int     `json:"intents"`
		Shard   *[2]int `json:"shard"`
	}
	_ = json.Unmarshal(data, &id)
	shard, of := 0, 1
	if id.Shard != nil {
		shard, of = id.Shard[0], id.Shard[1]
	}
	end := func(code int, text string) bool {
		_ = c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(time.Second))
		return false
	}
	if of < 1 || shard < 0 || shard >= of {
		return end(4010, "Invalid shard.")
	}
	s.mu.Lock()
	s.tally["identify"]++
	refused := s.revoked || id.Token != "Bot "+s.Token
	if id.Intents&(1<<15) != 0 {
		s.fault("the privileged Message Content intent is asked for")
	}
	guilds := []map[string]any{}
	for _, gd := range s.guilds {
		if gd.installed && shardOf(gd.id, of) == shard {
			guilds = append(guilds, map[string]any{"id": gd.id, "unavailable": true})
		}
	}
	perShard, together, gap := s.o.PerShard, s.o.Together, s.o.Gap
	s.mu.Unlock()
	switch {
	case refused:
		return end(4004, "Authentication failed.")
	case len(guilds) > perShard:
		return end(4011, "Sharding required.")
	}
	ses := &gatewaySession{id: "session-" + s.newID(), conn: c, shard: shard, of: of}
	if of > 1 {
		g.mu.Lock()
		key, now := shard%together, time.Now()
		soon := now.Sub(g.identified[key]) < gap
		g.identified[key] = now
		g.mu.Unlock()
		if soon {
			s.mu.Lock()
			s.fault("shard %d of %d identifies itself too soon after another", shard, of)
			s.mu.Unlock()
			time.Sleep(gap) //nolint:forbidigo // Discord answers an early identify late
			g.send(c, payload{Op: 9, Data: json.RawMessage("false")})
			return true
		}
	}
	g.mu.Lock()
	g.zombie = false
	g.sessions[ses.id] = ses
	g.tell(ses, "READY", map[string]any{
		"v": 9, "session_id": ses.id, "resume_gateway_url": s.gatewayURL(), "guilds": guilds,
		"shard": []int{shard, of}, "user": map[string]any{"id": s.BotID, "username": "onrecord", "bot": true}, "application": map[string]any{"id": s.ApplicationID, "flags": 0},
	})
	for _, gd := range guilds {
		g.tell(ses, "GUILD_CREATE", map[string]any{"id": gd["id"], "unavailable": false})
	}
	g.mu.Unlock()
	s.mu.Lock()
	s.change()
	s.mu.Unlock()
	return true
}

func (s *Server) resume(c *websocket.Conn, data json.RawMessage) {
	g := &s.gw
	var r struct {
		SessionID string `json:"session_id"`
		Seq       int64  `json:"seq"`
	}
	_ = json.Unmarshal(data, &r)
	s.count("resume")
	g.mu.Lock()
	ses := g.sessions[r.SessionID]
	if ses == nil {
		g.mu.Unlock()
		g.send(c, payload{Op: 9, Data: json.RawMessage("false")})
		return
	}
	if g.first != 0 {
		op := g.first
		g.first = 0
		g.mu.Unlock()
		g.send(c, payload{Op: op})
		return
	}
	g.zombie = false
	var missed []payload
	for _, p := range ses.log {
		if p.Seq > r.Seq {
			missed = append(missed, p)
		}
	}
	ses.seq++
	resumed := payload{Op: 0, Type: "RESUMED", Seq: ses.seq, Data: json.RawMessage("{}")}
	ses.log = append(ses.log, resumed)
	lock := g.conns[c]
	lock.Lock() // nothing new comes between
	ses.conn = c
	g.mu.Unlock()
	for _, p := range append(missed, resumed) {
		_ = c.WriteJSON(p)
	}
	lock.Unlock()
	s.mu.Lock()
	s.change()
	s.mu.Unlock()
}

func (s *Server) gatewayURL() string {
	return "ws" + s.http.URL[len("http"):] + "/gateway"
}
