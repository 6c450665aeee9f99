"""The five places *On Your Data* can search, with every way to sign in and to make vectors."""

from typing import Annotated, Literal

from pydantic import Field, Tag

from playground.wire.base import WireModel
from playground.wire.fields import Flag, Integer, optional, told_by


class KeyAuth(WireModel):
    """By the service's key."""

    type: Literal["api_key"]
    key: str = Field(description="The key.")


class ConnectionStringAuth(WireModel):
    """By a connection string."""

    type: Literal["connection_string"]
    connection_string: str = Field(description="Connection string of the database.")


class KeyAndIdAuth(WireModel):
    """By an Elasticsearch key and its id."""

    type: Literal["key_and_key_id"]
    key: str = Field(description="The key.")
    key_id: str = Field(description="Id of the key.")


class EncodedKeyAuth(WireModel):
    """By an encoded Elasticsearch key."""

    type: Literal["encoded_api_key"]
    encoded_api_key: str = Field(description="The encoded key.")


class AccessTokenAuth(WireModel):
    """By a bearer token."""

    type: Literal["access_token"]
    access_token: str = Field(description="The token.")


class SystemIdentityAuth(WireModel):
    """By the resource's own managed identity."""

    type: Literal["system_assigned_managed_identity"]


class UserIdentityAuth(WireModel):
    """By a managed identity that was assigned to the resource."""

    type: Literal["user_assigned_managed_identity"]
    managed_identity_resource_id: str = Field(description="Resource id of the identity.")


class PasswordAuth(WireModel):
    """By user name and password."""

    type: Literal["username_and_password"]
    username: str = Field(description="User name.")
    password: str = Field(description="Password.")


_Key = Annotated[KeyAuth, Tag("<api_key>")]
_Token = Annotated[AccessTokenAuth, Tag("<access_token>")]

SearchAuth = Annotated[
    _Key
    | _Token
    | Annotated[SystemIdentityAuth, Tag("<system_assigned_managed_identity>")]
    | Annotated[UserIdentityAuth, Tag("<user_assigned_managed_identity>")],
    told_by("type"),
]
ElasticAuth = Annotated[
    Annotated[KeyAndIdAuth, Tag("<key_and_key_id>")] | Annotated[EncodedKeyAuth, Tag("<encoded_api_key>")],
    told_by("type"),
]
EndpointAuth = Annotated[_Key | _Token, told_by("type")]


class EndpointEmbedding(WireModel):
    """Vectors from an embeddings deployment anywhere; the address ends in ``/embeddings``, without query."""

    type: Literal["endpoint"]
    endpoint: str = Field(description="Address of the deployment, ending in /embeddings.")
    authentication: EndpointAuth = Field(description="How to sign in there.")
    dimensions: Integer | None = optional("Length of the vectors, for models that can shorten them.", ge=1)


class DeploymentEmbedding(WireModel):
    """Vectors from an embeddings deployment of the same resource."""

    type: Literal["deployment_name"]
    deployment_name: str = Field(description="Name of the embeddings deployment.")
    dimensions: Integer | None = optional("Length of the vectors, for models that can shorten them.", ge=1)


class ModelEmbedding(WireModel):
    """Vectors from a model inside Elasticsearch."""

    type: Literal["model_id"]
    model_id: str = Field(description="Id of the model.")


class IntegratedEmbedding(WireModel):
    """Vectors from the vectorizer of the search index itself."""

    type: Literal["integrated"]


_Endpoint = Annotated[EndpointEmbedding, Tag("<endpoint>")]
_Deployment = Annotated[DeploymentEmbedding, Tag("<deployment_name>")]

SearchEmbedding = Annotated[
    _Endpoint | _Deployment | Annotated[IntegratedEmbedding, Tag("<integrated>")], told_by("type")
]
ElasticEmbedding = Annotated[
    _Endpoint | _Deployment | Annotated[ModelEmbedding, Tag("<model_id>")], told_by("type")
]
VectorEmbedding = Annotated[_Endpoint | _Deployment, told_by("type")]


class FieldsMapping(WireModel):
    """Which fields of the index hold what."""

    title_field: str | None = optional("Field with the title.")
    url_field: str | None = optional("Field with the address.")
    filepath_field: str | None = optional("Field with the file's name.")
    content_fields: list[str] | None = optional("Fields with the text.")
    content_fields_separator: str | None = optional("What joins several text fields.")
    vector_fields: list[str] | None = optional("Fields with vectors of the text.")


class SearchFieldsMapping(FieldsMapping):
    """As `FieldsMapping`, with vectors of pictures."""

    image_vector_fields: list[str] | None = optional("Fields with vectors of pictures.")


class PineconeFieldsMapping(WireModel):
    """Which metadata of a Pinecone index hold what; its vectors need no naming."""

    title_field: str | None = optional("Field with the title.")
    url_field: str | None = optional("Field with the address.")
    filepath_field: str | None = optional("Field with the file's name.")
    content_fields: list[str] = Field(description="Fields with the text.")
    content_fields_separator: str | None = optional("What joins several text fields.")


class VectorFieldsMapping(FieldsMapping):
    """As `FieldsMapping`, for stores searched by vector only."""

    content_fields: list[str] = Field(description="Fields with the text.")
    vector_fields: list[str] = Field(description="Fields with vectors of the text.")


class CommonParameters(WireModel):
    """What all five sources understand."""

    top_n_documents: Integer | None = optional(
        "How many documents are given to the model.", service_default=5
    )
    in_scope: Flag | None = optional("Answer from the documents only.", service_default=True)
    strictness: Integer | None = optional(
        "How relevant a document must be, 1 to 5.", service_default=3, ge=1, le=5
    )
    max_search_queries: Integer | None = optional(
        "At most this many search queries; the service decides if unset."
    )
    allow_partial_result: Flag | None = optional("Answer even if some searches fail.", service_default=False)
    include_contexts: list[Literal["citations", "intent", "all_retrieved_documents"]] | None = optional(
        "What the answer's context holds.", service_default=["citations", "intent"]
    )
    role_information: str | None = optional("Instructions to the model (not in the schemas, yet understood).")


class SearchParameters(CommonParameters):
    """Azure AI Search. Semantic kinds of query need a semantic configuration, vector kinds an embedding."""

    endpoint: str = Field(min_length=1, description="Address of the service.")
    index_name: str = Field(min_length=1, description="Name of the index.")
    authentication: SearchAuth | None = optional("How to sign in to the service.")
    fields_mapping: SearchFieldsMapping | None = optional("Which fields of the index hold what.")
    query_type: (
        Literal["simple", "semantic", "vector", "vector_simple_hybrid", "vector_semantic_hybrid"] | None
    ) = optional("How the index is searched.", service_default="simple")
    semantic_configuration: str | None = optional(
        "Semantic configuration of the index; needed by semantic queries."
    )
    filter: str | None = optional("Search filter that documents must pass.")
    embedding_dependency: SearchEmbedding | None = optional(
        "What makes vectors of a question; needed by vector queries."
    )


class CosmosParameters(CommonParameters):
    """Azure Cosmos DB for MongoDB vCore."""

    database_name: str = Field(min_length=1, description="Name of the database.")
    container_name: str = Field(min_length=1, description="Name of the container.")
    index_name: str = Field(min_length=1, description="Name of the index.")
    authentication: ConnectionStringAuth | None = optional("How to sign in to the service.")
    fields_mapping: VectorFieldsMapping = Field(description="Which fields of the index hold what.")
    embedding_dependency: VectorEmbedding = Field(description="What makes vectors of a question.")


class ElasticParameters(CommonParameters):
    """Elasticsearch."""

    endpoint: str = Field(min_length=1, description="Address of the service.")
    index_name: str = Field(min_length=1, description="Name of the index.")
    authentication: ElasticAuth | None = optional("How to sign in to the service.")
    fields_mapping: FieldsMapping | None = optional("Which fields of the index hold what.")
    query_type: Literal["simple", "vector"] | None = optional(
        "How the index is searched.", service_default="simple"
    )
    embedding_dependency: ElasticEmbedding | None = optional(
        "What makes vectors of a question; needed by vector queries."
    )


class PineconeParameters(CommonParameters):
    """Pinecone."""

    environment: str = Field(min_length=1, description="Environment of the index.")
    index_name: str = Field(min_length=1, description="Name of the index.")
    authentication: KeyAuth | None = optional("How to sign in to the service.")
    fields_mapping: PineconeFieldsMapping = Field(description="Which fields of the index hold what.")
    embedding_dependency: DeploymentEmbedding = Field(description="What makes vectors of a question.")


class MongoParameters(CommonParameters):
    """MongoDB Atlas."""

    endpoint: str = Field(min_length=1, description="Address of the service.")
    database_name: str = Field(min_length=1, description="Name of the database.")
    collection_name: str = Field(min_length=1, description="Name of the collection.")
    app_name: str = Field(min_length=1, description="Name of the application.")
    index_name: str = Field(min_length=1, description="Name of the index.")
    authentication: PasswordAuth | None = optional("How to sign in to the service.")
    fields_mapping: VectorFieldsMapping = Field(description="Which fields of the index hold what.")
    embedding_dependency: VectorEmbedding = Field(description="What makes vectors of a question.")


class SearchSource(WireModel):
    """Documents in Azure AI Search."""

    type: Literal["azure_search"]
    parameters: SearchParameters = Field(description="Where it is and how to search it.")


class CosmosSource(WireModel):
    """Documents in Azure Cosmos DB."""

    type: Literal["azure_cosmos_db"]
    parameters: CosmosParameters = Field(description="Where it is and how to search it.")


class ElasticSource(WireModel):
    """Documents in Elasticsearch."""

    type: Literal["elasticsearch"]
    parameters: ElasticParameters = Field(description="Where it is and how to search it.")


class PineconeSource(WireModel):
    """Documents in Pinecone."""

    type: Literal["pinecone"]
    parameters: PineconeParameters = Field(description="Where it is and how to search it.")


class MongoSource(WireModel):
    """Documents in MongoDB Atlas."""

    type: Literal["mongo_db"]
    parameters: MongoParameters = Field(description="Where it is and how to search it.")


DataSource = Annotated[
    Annotated[SearchSource, Tag("<azure_search>")]
    | Annotated[CosmosSource, Tag("<azure_cosmos_db>")]
    | Annotated[ElasticSource, Tag("<elasticsearch>")]
    | Annotated[PineconeSource, Tag("<pinecone>")]
    | Annotated[MongoSource, Tag("<mongo_db>")],
    told_by("type"),
]
