//! Encryption of connections, and how far the certificate of the server is trusted.

use std::path::Path;

use tokio_postgres::config::SslMode;

/// How far the server's certificate is trusted, by the values of `sslmode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Trust {
    /// `disable`, `prefer` and `require`: the certificate is not checked.
    #[default]
    Unchecked,
    /// `verify-ca`: a known authority must have signed it.
    Authority,
    /// `verify-full`: and it must be for this host.
    Full,
}

/// What the encryption of a connection depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TlsSettings<'a> {
    pub(crate) mode: SslMode,
    pub(crate) trust: Trust,
    /// A PEM file of the authorities that are trusted.
    pub(crate) root_certificates: Option<&'a Path>,
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

#[cfg(not(feature = "tls"))]
impl Tls {
    pub(crate) fn new(settings: TlsSettings<'_>) -> Result<Self, jobs_core::Error> {
        match settings.mode {
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

    use super::{Tls, TlsSettings, Trust};

    impl Tls {
        pub(crate) fn new(settings: TlsSettings<'_>) -> Result<Self, Error> {
            if settings.mode == SslMode::Disable {
                return Ok(Self::None);
            }
            let provider = Arc::new(ring::default_provider());
            let config = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
            let config = config.map_err(setup_failed)?;
            let trust = match settings.trust {
                // As in PostgreSQL's own clients, a given authority means that the certificate is to be checked.
                Trust::Unchecked if settings.root_certificates.is_some() => Trust::Authority,
                trust => trust,
            };
            let config = match trust {
                Trust::Full => config.with_root_certificates(roots(settings)?).with_no_client_auth(),
                trust => {
                    let authority = match trust {
                        Trust::Authority => Some(authority(settings, provider.clone())?),
                        _ => None,
                    };
                    let verifier = Arc::new(Lenient { authority, provider });
                    config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
                }
            };
            Ok(Self::Rustls(MakeRustlsConnect::new(config)))
        }
    }

    fn setup_failed(cause: rustls::Error) -> Error {
        Error::other("the encryption library cannot be set up").with_source(cause)
    }

    fn authority(settings: TlsSettings<'_>, provider: Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, Error> {
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots(settings)?), provider).build();
        verifier.map_err(|cause| Error::invalid("no authority is given to check the server by").with_source(cause))
    }

    /// The authorities that are trusted: those of `sslrootcert`, otherwise those of the public web.
    fn roots(settings: TlsSettings<'_>) -> Result<RootCertStore, Error> {
        let Some(path) = settings.root_certificates else {
            return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
        };
        let invalid = |problem: &str| Error::invalid(format!("`sslrootcert={}`: {problem}", path.display()));
        let found = CertificateDer::pem_file_iter(path);
        let found = found.map_err(|cause| invalid("the file cannot be read").with_source(cause))?;
        let mut roots = RootCertStore::empty();
        for certificate in found {
            let certificate = certificate.map_err(|cause| invalid("it is not a PEM file").with_source(cause))?;
            roots.add(certificate).map_err(|cause| invalid("a certificate in it is not valid").with_source(cause))?;
        }
        if roots.is_empty() { Err(invalid("there is no certificate in it")) } else { Ok(roots) }
    }

    /// Checks less than a browser does, as far as `sslmode` demands.
    #[derive(Debug)]
    struct Lenient {
        /// Checks that a known authority signed the certificate; `None` accepts any certificate.
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
