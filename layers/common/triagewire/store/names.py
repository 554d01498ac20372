"""What stored tickets and messages have in common: their shape, without a value.

They are compressed against it, which halves them: a ticket stays within one write unit, and each
of its writes bills the whole item. Never change it: what was stored with it is read with it. A new
one would be told from it by zlib, which writes the dictionary's checksum into what it packs.
"""

NAMES = (
    b'{"ticket_id":"","at":"","number":0,"direction":"","channel":"","text":"","full_text":"","sub'
    b'ject":"","language":null,"request_type":null,"staff_request":null,"context":{"age_years":0.7'
    b'9,"conditions":[],"medications":[],"recent_procedures":[],"pregnant":false,"next_appointment'
    b'":null},"record":null,"speech":null,"automatic":false,"attachments":[],"remarks":[],"occurre'
    b'd_at":"","thread":"","thread_token":null,"awaits":false,"pointer":null,"doubtful_sender":fal'
    b'se,"author":"","to":"","reply_to":"","made_by":"","way":"","source":"","send_at":null,"then"'
    b':"","urgency":0,"delivery":"","tries":0,"why":""}"pending","staff","email","phone","sms","eh'
    b'r","web","claimed","patient","routed","accepted","resolved","reopened","breach","page","scor'
    b'e","close","return","administrative","it","clinical","exact","remind",00:00Z",{"id":"","site'
    b'":"","source":"","requester":{"kind":"","patient_id":"","email":"","phone":"","name":"","dat'
    b'e_of_birth":"","on_behalf":false},"received_at":"","channels":[""],"content_digest":"","lang'
    b'uage":null,"status":"","version":0,"ledger_head":"","policy_version":0,"verdict":{"score":0,'
    b'"topic":"","team":"","confidence":0.9,"review":false,"candidate":0,"reasons":[{"rule":"","se'
    b't":"","text_span":"","effect":"","source":"","why":""}],"others":[],"crisis":false,"language'
    b'":"","unknown":[""],"assistant":"","missing":[]},"unreadable":false,"quiet":false,"awaits":f'
    b'alse,"unreachable":false,"asked":[],"delivery":"","team":"","assignee":"","load":0,"skill":"'
    b'","stands_in_for":null,"assigned_at":"","accepted_at":null,"declined":[],"worked_at":null,"t'
    b'ry_at":null,"wake_at":null,"known_as":["","",""],"routed_at":"","responded_at":null,"clock":'
    b'{"started_at":"","target_minutes":0,"calendar_kind":"","due_at":"","remind_at":"","pauses":['
    b'],"paused_at":null,"paused_for":null,"stopped_at":null,"counted_from":null,"carried_seconds"'
    b':0.0},"resolution":null,"escalation":{"pages":0,"paged_at":null,"acknowledged_at":null,"ackn'
    b'owledged_by":null,"reminded_at":null,"breached_at":null,"resolution_reminded_at":null,"resol'
    b'ution_breached_at":null,"level":0,"told_at":null,"bounced_at":null,"bounce_told_at":null,"la'
    b'dders":null,"ladders_of":"","step":0,"forewarned":0,"paged":[],"awaited":[],"heard_by":[],"i'
    b'nsisted":false,"told":[],"told_on":null,"all_told":false},"timer":{"at":"","kind":""},"dupli'
    b'cate_channels":[],"merged_into":null,"merged_from":[],"joined":null,"thread_hash":"","linked'
    b'":[],"outcome":null,"resolved_at":null,"automation":null,"survey":null,"reopened":0,"handoff'
    b's":0,"bounces":0,"notices":0,"closed_at":null,"hold":null,"unheld_at":null,"purging_since":n'
    b'ull,"purged_at":null}'
)
