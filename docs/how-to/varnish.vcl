vcl 4.1;

import std;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
}

acl newsroom {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ newsroom) {
            return (synth(403, "Not from here"));
        }
        # Keys are words of letters, digits and dashes, with a space between.
        set req.http.keys = regsuball(req.http.surrogate-key, " +", "|");
        if (!std.ban("obj.http.surrogate-key ~ (^|\s)(" + req.http.keys + ")(\s|$)")) {
            return (synth(400, std.ban_error()));
        }
        return (synth(200, "Forgotten"));
    }
    if (req.url ~ "^/live/") {
        # Event streams stay open.
        return (pipe);
    }
}
