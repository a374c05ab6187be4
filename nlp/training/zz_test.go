package training
import ("testing";"os";"onrecord/nlp/internal/depparse";"onrecord/nlp/internal/tagger")
func TestZZ(t *testing.T){
 c,err:=Load(os.DirFS("/work/shared/data/treebanks")); if err!=nil{t.Fatal(err)}
 for _,q:=range []int32{0,200,400,600,900,1300,1<<20}{ m:=depparse.Default(); m.SetSure(q)
 e:=attachment(tagger.Default(),m,c.EWTDev); g:=attachment(tagger.Default(),m,c.GUMDev)
 t.Logf("%d EWT %.2f %.2f GUM %.2f %.2f %v",q,100*e.UAS,100*e.LAS,100*g.UAS,100*g.LAS,m.Skipped()) }
}
