import base64, json, sys
from datetime import timedelta
from types import SimpleNamespace
import pytest
from dataclasses import replace
from functions.desk import handler as desk
from tests.aws.test_acknowledging import *
from tests.aws.test_acknowledging import urgent_at_night, link_of, fetch, look, press, path_for, KEY, last
from tests.builders import MEMBERS, a_policy, a_site, minutes
from tests.conftest import Written
for n in [k for k in list(globals()) if k.startswith('test_')]: del globals()[n]

def snap(c): return json.dumps(sorted(c.items(), key=lambda i:(i['pk']['S'],i['sk']['S'])), sort_keys=True, default=str)

def test_methods(clinic):
    t=urgent_at_night(clinic); p=link_of(clinic,'dr-okafor'); b=snap(clinic)
    for m in ('GET','HEAD','OPTIONS','PUT','PATCH','DELETE'):
        s=fetch(m,p,clinic.now); print(m,s.status,len(s.html or ''),sorted(s.headers)); 
    assert snap(clinic)==b
    s=look(clinic,p); print(s.headers)

def test_tokens(clinic, capsys, written: Written):
    t=urgent_at_night(clinic); p=link_of(clinic,'dr-okafor'); tok=p.split('/')[-1]; b=snap(clinic)
    bodies=set()
    for v in [tok[:-1],tok+'A',tok+'=',tok+'==',tok.lower(),tok.upper(),tok.swapcase(),tok+' ',tok+'\n','',' ','../'+tok,tok+'/x','%00','A'*60,'A'*5000,'é'*60,'\ud800'*60,'<script>alert(1)</script>'*4,tok[:30]+'\x00'+tok[31:], tok.replace('-','+').replace('_','/')]:
        for m in ('GET','POST'):
            try:
                s=fetch(m,'/acknowledge/'+v,clinic.now); bodies.add((s.status,s.html))
            except Exception as e: print('EXC',repr(v)[:40],m,repr(e)[:200])
    print(len(bodies),[ (x[0],x[1][:80]) for x in bodies])
    q=SimpleNamespace()
    if tok.replace('-','+').replace('_','/')==tok: print('no special in token')
    from triagewire.escalation.links import acknowledge_token
    for who in ('nobody','nurse-kim','dr-okafor\x00','../x','<script>','x'*240,'x'*260,'é'):
        s=fetch('POST','/acknowledge/'+acknowledge_token(KEY,t,who,clinic.now+minutes(60)),clinic.now); print(repr(who)[:12],s.status,s.title)
    out=capsys.readouterr(); 
    assert tok not in out.out+out.err
    print(out.out[-3000:])

def test_bodies(clinic):
    t=urgent_at_night(clinic); p=link_of(clinic,'dr-okafor')
    for body,ct in [('x'*1_000_000,'text/plain'),('{"a":1}','application/json'),('\x00','application/octet-stream'),('--b\r\n','multipart/form-data; boundary=b'),(None,'')]:
        r=a_request(None,'POST',p,at=clinic.now)|{'resource':'/acknowledge/{token}','headers':{'content-type':ct,'x-http-method-override':'GET'},'body':body}
        r['requestContext']['authorizer']=None
        a=desk.lambda_handler(r,SimpleNamespace(aws_request_id='r')); print(ct,a['statusCode'],re.search('<h1>(.*?)</h1>',a['body'])[1])
    print([e.action for e in clinic.ledger(t)])

def test_replays(clinic):
    t=urgent_at_night(clinic); p=link_of(clinic,'dr-okafor')
    # replay after ack by other, after resolve, reassign, member removed, site removed
    clinic.acknowledge(t,'nurse-kim'); s=press(clinic,p); print('other acked',s.status,s.title)
    print([e.action for e in clinic.ledger(t)][-3:])

def test_removed(clinic):
    t=urgent_at_night(clinic); p=link_of(clinic,'dr-okafor')
    site=a_site(); m=dict(site.members); 
    m['dr-okafor']=replace(m['dr-okafor'],teams=())
    def pub(pol):
        clinic.publish(pol); current_policy.cache_clear() if hasattr(current_policy,'cache_clear') else None
    from tests.aws.deployment import forget
    import inspect; print(inspect.signature(forget))
    b=len(clinic.ledger(t))
    clinic.publish(a_policy(sites=[replace(site,members=m)]) if 'sites' in inspect.signature(a_policy).parameters else a_policy(replace(site,members=m))); forget()
    for f in (look,press): s=f(clinic,p); print('no team',f.__name__,s.status,s.title,s.html.count(t))
    print([e.action for e in clinic.ledger(t)][b:])
