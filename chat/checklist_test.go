package chat_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"onrecord/brief"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/checklist"
	"onrecord/factcheck"
)

// listing is a bot with a checklist.
func listing() (*chat.Bot, *checklist.Memory) {
	bot, _ := newBot()
	kept := &checklist.Memory{}
	bot.Service.Checklist = &checklist.List{Store: kept}
	return bot, kept
}

// by is a request of somebody, at a time.
func by(user, text string, minutes int) chat.Request {
	scope := channel
	scope.User = strings.ToLower(user)
	return chat.Request{Scope: scope, Asker: user, Text: text, Time: time.Date(2023, 5, 16, 15, minutes, 0, 0, time.UTC)}
}

// pressed is a button of a reply, pressed by somebody.
func pressed(user, name string, r chat.Reply, minutes int) chat.Request {
	req := press(name, r)
	of := by(user, "", minutes)
	req.Scope, req.Asker, req.Time = of.Scope, of.Asker, of.Time
	return req
}

// A claim goes from open to taken, checked and rated, by buttons alone, and
// everybody sees who did it when.
func TestChecklistByButtons(t *testing.T) {
	bot, _ := listing()
	shared := talk(t, bot, by("Ada", "share "+link, 0))
	if shared.Err != nil {
		t.Fatal(shared.Err)
	}
	claim := talk(t, bot, by("Ada", "claim "+link+" 2", 1))
	took := talk(t, bot, pressed("Ada", "mark-taken", claim, 2))
	if !took.Replace || !strings.Contains(took.String(), "Claim 2: taken by Ada on 16 May 2023 15:02 UTC") {
		t.Errorf("after Take:\n%s", took)
	}
	late := talk(t, bot, pressed("Ben", "mark-taken", claim, 3))
	if late.Err == nil || late.Visibility != chat.ToAsker || !strings.Contains(late.String(), "Claim 2 is taken by Ada on 16 May 2023 15:02 UTC") {
		t.Errorf("Ben takes it too:\n%s", late)
	}
	checked := talk(t, bot, pressed("Ben", "mark-checked", took, 4))
	rated := talk(t, bot, pressed("Ben", "mark-rate-half-right", checked, 5))
	for _, want := range []string{"Checklist: taken by Ada on 16 May 2023 15:02 UTC", "Checklist: checked by Ben on 16 May 2023 15:05 UTC: half right"} {
		if !strings.Contains(rated.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, rated)
		}
	}
	list := talk(t, bot, by("Cem", "claims "+link, 6))
	if got := list.String(); strings.Count(got, "Checklist:") != 1 || !strings.Contains(got, "Checklist: checked by Ben on 16 May 2023 15:05 UTC: half right") {
		t.Errorf("the list says:\n%s", got)
	}
	all := talk(t, bot, pressed("Cem", "checklist", list, 7))
	if got := all.String(); !strings.Contains(got, "3 claims: 1 checked, 0 taken, 0 to be fixed, 2 open") {
		t.Errorf("the checklist says:\n%s", got)
	}
	table := talk(t, bot, pressed("Cem", "checklist-csv", all, 8))
	if len(table.Files) != 1 || !strings.Contains(string(table.Files[0].Data), ",checked,Ben,2023-05-16T15:05:00Z,half right,") {
		t.Errorf("the table is %+v", table.Files)
	}

	// Only now is there a draft to be offered, with Ben's rating and nobody else's.
	if press("claimreview", checked).Command != "" {
		t.Error("a draft is offered before anybody rated")
	}
	file := talk(t, bot, pressed("Cem", "claimreview", rated, 9))
	if len(file.Files) != 1 || !strings.Contains(string(file.Files[0].Data), `"alternateName": "half right"`) || !strings.Contains(string(file.Files[0].Data), `"name": "Ben"`) {
		t.Errorf("the draft is %+v", file)
	}
	open := talk(t, bot, pressed("Cem", "mark-open", rated, 10))
	if got := open.String(); !strings.Contains(got, "Claim 2: open again") || strings.Contains(got, "Checklist:") {
		t.Errorf("after Open again:\n%s", got)
	}
}

func TestMarkByTyping(t *testing.T) {
	for text, want := range map[string]string{
		"mark 3 taken": "Claim 3: taken by Ada",
		"mark 3 checked rating Half  Right link https://report.example/1 note see page 3, and open the annex https://x.example": "half right · see page 3, and open the annex https://x.example",
		"mark 3 fix note it was Tuesday":    "Claim 3: fix needed by Ada on 16 May 2023 15:01 UTC · it was Tuesday",
		"mark 3 rating unproven":            "checked by Ada on 16 May 2023 15:01 UTC: unproven",
		"mark number 3 taken":               "Claim 3: taken",
		"mark " + link + " 3 taken":         "Claim 3: taken",
		"mark 3":                            "Claim 3 ·",
		"mark taken":                        "Which claim?",
		"mark 30 taken":                     "There is no claim 30: there are 3.",
		"mark 3 taken checked":              "do not go together",
		"mark 3 rating lies":                "I do not know the rating “lies”",
		"mark 3 taken rating wrong":         "A rating goes with “checked”",
		"mark 3 checked link nowhere":       "begins with https://",
		"mark 3 note forgot what I did":     "goes with what you did",
		"mark 3 confirm":                    "by its number",
		"mark 3 review 1 taken":             "by its number",
		"mark 3 review 1 confirm":           "No fact-check 1 was suggested for claim 3.",
		"checklist":                         "3 claims: 0 checked, 0 taken, 0 to be fixed, 3 open",
		"export " + link + " claimreview 9": "There is no claim 9: there are 3.",
		"export claimreview 1":              "It has no rating: nobody here gave one.",
	} {
		bot, _ := listing()
		talk(t, bot, by("Ada", "brief "+link, 0))
		if got := talk(t, bot, by("Ada", text, 1)); !strings.Contains(got.String(), want) {
			t.Errorf("%s: %q is missing in:\n%s", text, want, got)
		}
	}
	bot, _ := newBot()
	for _, text := range []string{"mark 3 taken", "checklist"} {
		if got := talk(t, bot, by("Ada", text, 1)).String(); strings.Contains(got, "taken by") || strings.Contains(got, "Checklist") {
			t.Errorf("without a checklist, %s says:\n%s", text, got)
		}
	}
	if help := talk(t, bot, by("Ada", "help", 1)).String(); strings.Contains(help, "mark") {
		t.Error("marks are offered though nobody keeps them")
	}
}

// Another workspace sees nothing, a private channel only its own marks.
func TestChecklistStaysWhereItIs(t *testing.T) {
	bot, _ := listing()
	see := func(scope chat.Scope) string {
		return talk(t, bot, chat.Request{Scope: scope, Asker: "Eve", Text: "checklist " + link, Time: time.Now()}).String()
	}
	talk(t, bot, by("Ada", "mark "+link+" 1 taken", 0))
	closed := channel
	closed.Channel, closed.Private, closed.User = "closed", true, "ben"
	talk(t, bot, chat.Request{Scope: closed, Asker: "Ben", Text: "mark " + link + " 2 fix", Time: time.Now()})
	foreign, elsewhere := channel, channel
	foreign.Workspace, elsewhere.Channel, elsewhere.User = "w2", "c2", "eve"
	colleague := closed
	colleague.User = "cem"
	for name, c := range map[string]struct {
		scope chat.Scope
		want  string
	}{
		"another channel of the workspace":  {elsewhere, "0 checked, 1 taken, 0 to be fixed, 2 open"},
		"another workspace":                 {foreign, "0 checked, 0 taken, 0 to be fixed, 3 open"},
		"a colleague in the closed channel": {colleague, "0 checked, 0 taken, 1 to be fixed, 2 open"},
	} {
		if got := see(c.scope); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q is missing in:\n%s", name, c.want, got)
		}
	}
}

// A suggested fact-check is confirmed or rejected by a person.
func TestSuggestedFactCheckIsJudged(t *testing.T) {
	bot, _ := listing()
	found := *chattest.Sample()
	found.Reviews = &brief.Reviews{Of: map[int][]factcheck.Match{0: {{
		Score:  .9,
		Review: factcheck.Review{Claim: "A third of the crews signed", Publisher: "Gazette", Verdict: "Half true", URL: "https://gazette.example/1"},
	}}}}
	bot.Service.Briefer = &chattest.Briefer{Links: map[string]*brief.Briefing{link: &found}}
	talk(t, bot, by("Ada", "share "+link, 0))
	claim := talk(t, bot, by("Ada", "claim "+link+" 1", 0))
	confirmed := talk(t, bot, pressed("Ada", "mark-confirm-1", claim, 1))
	if got := confirmed.String(); !strings.Contains(got, "Half true") || !strings.Contains(got, "confirmed by Ada on 16 May 2023 15:01 UTC") {
		t.Errorf("confirmed:\n%s", got)
	}
	rejected := talk(t, bot, pressed("Ben", "mark-reject-1", confirmed, 2)).String()
	if !strings.Contains(rejected, "rejected by Ben on 16 May 2023 15:02 UTC") || strings.Contains(rejected, "confirmed by") {
		t.Errorf("rejected:\n%s", rejected)
	}
	if got := talk(t, bot, by("Cem", "claims "+link, 3)).String(); !strings.Contains(got, "rejected by Ben") {
		t.Errorf("the list says:\n%s", got)
	}
	file := talk(t, bot, by("Cem", "checklist "+link+" json", 4))
	var o checklist.Object
	if err := json.Unmarshal(file.Files[0].Data, &o); err != nil || len(o.Claims[0].Reviews) != 1 || o.Claims[0].Reviews[0].Review != "https://gazette.example/1" {
		t.Errorf("%v: %s", err, file.Files[0].Data)
	}
}
