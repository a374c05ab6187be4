package depparse
func (m *Model) SetSure(q int32) { m.sure=q; nsure,nall=0,0 }
var nsure,nall int
func (m *Model) Skipped() float64 { return float64(nsure)/float64(nall) }
