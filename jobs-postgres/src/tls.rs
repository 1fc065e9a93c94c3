//! Whether and how connections are encrypted.

/// How far the server's certificate is trusted, by the words of `sslmode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Trust {
    /// `disable`, `prefer` and `require`: it is not looked at.
    #[default]
    Blind,
    /// `verify-ca`: a known authority signed it.
    Authority,
    /// `verify-full`: and it was given to this host.
    Full,
}

/// The encryption of connections.
#[derive(Clone)]
pub(crate) enum Tls {
    None,
    #[cfg(feature = "tls")]
    Rustls(tokio_postgres_rustls::MakeRustlsConnect),
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}

/// Why the server's certificate is refused, and what to do.
#[cfg(not(feature = "tls"))]
pub(crate) const fn distrust(_error: &std::io::Error) -> &'static str {
    "what it said is not what was awaited; look at host and port of the URL"
}

#[cfg(feature = "tls")]
pub(crate) use by_rustls::distrust;

#[cfg(not(feature = "tls"))]
impl Tls {
    pub(crate) fn new(options: &crate::PostgresOptions) -> Result<Self, jobs_core::Error> {
        use tokio_postgres::config::SslMode;
        match options.config.get_ssl_mode() {
            SslMode::Disable | SslMode::Prefer => Ok(Self::None),
            _ => Err(jobs_core::Error::invalid(
                "the URL asks for an encrypted connection, and `jobs-postgres` was built without its feature `tls`; \
                 switch it on, or write `sslmode=prefer`",
            )),
        }
    }
}

#[cfg(feature = "tls")]
mod by_rustls {
    use std::sync::Arc;

    use jobs_core::Error;
    use rustls::client::WebPkiServerVerifier;
    use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
    use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
    use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
    use tokio_postgres::config::SslMode;
    use tokio_postgres_rustls::MakeRustlsConnect;

    use super::{Tls, Trust};
    use crate::PostgresOptions;

    impl Tls {
        pub(crate) fn new(options: &PostgresOptions) -> Result<Self, Error> {
            if options.config.get_ssl_mode() == SslMode::Disable {
                return Ok(Self::None);
            }
            let provider = Arc::new(ring::default_provider());
            let config = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
            let config = config.map_err(broken)?;
            let trust = match options.trust {
                // Whoever names an authority wants it looked at, as PostgreSQL's own clients do.
                Trust::Blind if options.root_certificates.is_some() => Trust::Authority,
                trust => trust,
            };
            let config = match trust {
                Trust::Full => config.with_root_certificates(roots(options)?).with_no_client_auth(),
                trust => {
                    let authority = match trust {
                        Trust::Authority => Some(authority(options, provider.clone())?),
                        _ => None,
                    };
                    let verifier = Arc::new(Lenient { authority, provider });
                    config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
                }
            };
            Ok(Self::Rustls(MakeRustlsConnect::new(config)))
        }
    }

    /// Why the server's certificate is refused, and what to do.
    pub(crate) fn distrust(error: &std::io::Error) -> &'static str {
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
            // The second is what an authority of the same name gives that was made anew.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                "no known authority signed its certificate; name the file of the authority by `sslrootcert`"
            }
            _ => "its certificate is not in order; look at what the server shows, and at `sslrootcert`",
        }
    }

    fn broken(cause: rustls::Error) -> Error {
        Error::other("the encryption library cannot be set up").with_source(cause)
    }

    fn authority(options: &PostgresOptions, provider: Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, Error> {
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots(options)?), provider).build();
        verifier.map_err(|cause| Error::invalid("no authority is given to check the server by").with_source(cause))
    }

    /// The authorities that are trusted: those of `sslrootcert`, otherwise those of the public web.
    fn roots(options: &PostgresOptions) -> Result<RootCertStore, Error> {
        let Some(path) = &options.root_certificates else {
            return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
        };
        let wrong = |words: &str| Error::invalid(format!("`sslrootcert={}`: {words}", path.display()));
        let found = CertificateDer::pem_file_iter(path);
        let found = found.map_err(|cause| wrong("the file cannot be read").with_source(cause))?;
        let mut roots = RootCertStore::empty();
        for certificate in found {
            let certificate = certificate.map_err(|cause| wrong("it is not a PEM file").with_source(cause))?;
            roots.add(certificate).map_err(|cause| wrong("a certificate in it is not one").with_source(cause))?;
        }
        if roots.is_empty() { Err(wrong("there is no certificate in it")) } else { Ok(roots) }
    }

    /// Looks at less than a browser would, as the words of `sslmode` ask for.
    #[derive(Debug)]
    struct Lenient {
        /// Looks whether a known authority signed; `None` for whatever certificate there is.
        authority: Option<Arc<WebPkiServerVerifier>>,
        provider: Arc<CryptoProvider>,
    }

    impl ServerCertVerifier for Lenient {
        fn verify_server_cert(
            &self,
            end_entity: &CertificateDer<'_>,
            intermediates: &[CertificateDer<'_>],
            server_name: &ServerName<'_>,
            ocsp_response: &[u8],
            now: UnixTime,
        ) -> Result<ServerCertVerified, rustls::Error> {
            let Some(authority) = &self.authority else { return Ok(ServerCertVerified::assertion()) };
            match authority.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
                Err(rustls::Error::InvalidCertificate(
                    CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
                )) => Ok(ServerCertVerified::assertion()),
                other => other,
            }
        }

        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, rustls::Error> {
            verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, rustls::Error> {
            verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.provider.signature_verification_algorithms.supported_schemes()
        }
    }
}
