//! Explains why the certificate of the server was rejected.

/// Why the server's certificate was rejected, and what to do.
#[cfg(not(feature = "tls"))]
pub(super) const fn explain_rejection(_error: &std::io::Error) -> &'static str {
    "its answer is not that of a PostgreSQL server; look at host and port of the URL"
}

/// Why the server's certificate was rejected, and what to do.
#[cfg(feature = "tls")]
pub(super) fn explain_rejection(error: &std::io::Error) -> &'static str {
    use rustls::CertificateError;

    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    let Some(rustls::Error::InvalidCertificate(why)) = cause else {
        return "the encryption cannot be agreed on; look at host and port of the URL";
    };
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired; renew it there"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another host; name the host of the certificate in the URL, or write \
             `sslmode=verify-ca`"
        }
        // `BadSignature` comes from an authority that has the same name as a known one, but another key.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "no known authority signed its certificate; name the file of the authority by `sslrootcert`"
        }
        _ => "its certificate is not in order; look at what the server shows, and at `sslrootcert`",
    }
}
