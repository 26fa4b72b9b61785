"""Who may do what in the discussion. Pure: no Django, no database, no clock.

Each rule answers Allowed or Refused with a stable code; the sentence people read belongs to
`http/wording.py`.
"""
