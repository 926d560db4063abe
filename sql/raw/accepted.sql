-- What may differ from the release before by more than is promised, because somebody says so in settings.yaml (`accepted`).
--
-- grain: what
create table raw.accepted (
    what varchar not null,              -- volume <measure>, freshness, freshness <class>, or column <table>.<column>.
    because varchar not null            -- Why.
);
