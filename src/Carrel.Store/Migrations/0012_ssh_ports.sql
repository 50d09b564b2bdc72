-- The port of the server at which an instance is reached by SSH. Instances that asked for it before there was one get theirs now.

ALTER TABLE instances ADD COLUMN ssh_port INTEGER;

UPDATE instances SET ssh_port = 49999 + (
    SELECT COUNT(*) FROM instances AS earlier
    WHERE earlier.uid <= instances.uid AND json_extract(earlier.model, '$.sshEnabled') AND COALESCE(json_extract(earlier.model, '$.enableNodePublicIp'), 1))
WHERE json_extract(model, '$.sshEnabled') AND COALESCE(json_extract(model, '$.enableNodePublicIp'), 1);

CREATE UNIQUE INDEX instances_by_ssh_port ON instances (ssh_port) WHERE ssh_port IS NOT NULL;
