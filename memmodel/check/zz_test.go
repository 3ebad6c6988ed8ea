package check
import ("testing";"os";"context";"path/filepath";"io/fs";"crosscall/memmodel/litmus";"crosscall/memmodel/model";"io";"strings")
func BenchmarkLuc(b *testing.B){
 var files []string
 filepath.WalkDir("../../../shared/litmus/luc", func(p string,d fs.DirEntry,e error) error { if strings.HasSuffix(p,".litmus"){files=append(files,p)}; return nil})
 m,_:=model.Load("lkmm"); mac,_:=litmus.ParseMacros("x",m.Def)
 for b.Loop(){ for _,f:=range files { src,_:=os.ReadFile(f); a,err:=litmus.Parse(f,src); if err!=nil{b.Fatal(err)}; t,err:=a.Compile(mac); if err!=nil{b.Fatal(err)}; r:=Run(context.Background(),t,m,Options{}); r.WriteText(io.Discard)}}
}
