//! JSON with the escapes of Rails.

/// The same JSON, in which what means something in HTML is escaped, as Rails does. These characters are in texts only, so any
/// JSON may be given.
pub(crate) fn escaped(json: String) -> String {
    if !json.contains(['<', '>', '&']) {
        return json;
    }
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
