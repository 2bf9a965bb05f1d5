/** What stands in place of a secret. */
export const REMOVED = "(removed)";

/**
 * Members whose every text is removed, names and keys in them excepted, in lower case. What they hold decides about no
 * address; shapes stay, so that what reads them finds the types it expects.
 */
export const SECRET_MEMBERS: readonly string[] = [
  "userdata",
  "customdata",
  "adminpassword",
  "ssh",
  "publickeys",
  "keydata",
  "protectedsettings",
  "commandtoexecute",
  "sharedkey",
  "sharedsecret",
  "sharedsecrethash",
  "presharedkey",
  "authkey",
  "authorizationkey",
  "password",
  "rootpassword",
  "clientkey",
  "clientcertificate",
  "md5authenticationkeys",
  "radiusserversecret",
  "customergatewayconfiguration",
  "customerrouterconfig",
  "connectionstring",
  "connectionstrings",
  "appsettings",
  "secrets",
  "securevalue",
  "env",
  "environment",
  "environmentvariables",
  "buildenvironmentvariables",
  "additionalunattendcontent",
  "script",
  "servicekey",
  "pairingkey",
  "rawkey",
  "rsaencryptedkey",
  "privatekey",
  "clientsecret",
  "accesskey",
  "secretkey",
  "secretvalue",
  "administratorloginpassword",
  "accesstoken",
  "refreshtoken",
  "primarykey",
  "secondarykey",
  "primaryconnectionstring",
  "secondaryconnectionstring",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/** Items of instance metadata whose values stay: who made the VM is a link, and tells the nodes of a cluster. */
export const KEPT_METADATA: readonly string[] = ["created-by"];

/** Secrets inside any text, wherever it stands; `keep` stays before what is removed. Understood by V8 and by jq. */
export const SECRET_TEXTS: readonly string[] = [
  "(?<keep>[?&;\"' ](?:sig|sharedaccesssignature)=)[^&;\\s\"']+",
  "(?<keep>(?:accountkey|sharedaccesskey|access_?key(?:_id)?|api_?key|passw(?:or)?d|passphrase|pwd|secret|token)[\"']?\\s*[:=]\\s*[\"']?)[^;&,\\s\"']+",
  "(?<keep>authorization:\\s*(?:basic|bearer)\\s+)[^\\s\"']+",
  "(?<keep>[a-z]://)[^/\\s:@]+:[^/\\s@]+(?=@)",
  "(?<keep>(?:ssh-[a-z0-9]+|ecdsa-sha2-[a-z0-9-]+|sk-[a-z0-9@.-]+) )AAAA[a-z0-9+/=]+",
  "(?<keep>-----BEGIN [a-z0-9 ]*PRIVATE KEY-----)[^-]+",
  "(?<keep>)\\bA[KS]IA[0-9A-Z]{16}\\b",
  "(?<keep>)\\bAIza[\\w-]{35}",
  "(?<keep>)\\bya29\\.[\\w.-]+",
  "(?<keep>)\\bgh[a-z]_[a-z0-9]{30,}",
  "(?<keep>)\\beyJ[\\w-]{8,}\\.eyJ[\\w-]+\\.[\\w-]+",
];

/** Members that hold instance metadata in `items`. */
export const METADATA_MEMBERS: readonly string[] = ["metadata", "commoninstancemetadata"];

/** User labels; those that a provider sets itself, which say where a service runs, have a slash after its domain. */
export const LABEL_MEMBERS: readonly string[] = ["labels", "userlabels", "resourcelabels"];
