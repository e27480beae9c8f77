from collections.abc import AsyncIterator
from typing import Any, Optional, Union

from .base import Base
from .base_model import UNSET, UnsetType
from .cancel_job import CancelJob
from .correct_prediction import CorrectPrediction
from .create_dataset import CreateDataset
from .create_upload import CreateUpload
from .get_dataset import GetDataset
from .get_job import GetJob
from .get_last_round import GetLastRound
from .get_model import GetModel
from .index_dataset import IndexDataset
from .input_types import (
    CancelJobInput,
    CorrectPredictionInput,
    CreateDatasetInput,
    CreateUploadInput,
    IndexDatasetInput,
    LearnFromCorrectionsInput,
    PredictInput,
    PublishModelInput,
    ReviewCorrectionsInput,
    RunBulkMutationInput,
    RunBulkQueryInput,
    SignInInput,
    StartTrainingInput,
)
from .job_events import JobEvents
from .learn_from_corrections import LearnFromCorrections
from .list_datasets import ListDatasets
from .list_models import ListModels
from .predict import Predict
from .publish_model import PublishModel
from .review_corrections import ReviewCorrections
from .run_bulk_mutation import RunBulkMutation
from .run_bulk_query import RunBulkQuery
from .search_dataset import SearchDataset
from .sign_in import SignIn
from .start_training import StartTraining
from .who_am_i import WhoAmI


def gql(q: str) -> str:
    return q


class Graph(Base):
    async def sign_in(self, input: SignInInput, **kwargs: Any) -> SignIn:
        query = gql("""
            mutation SignIn($input: SignInInput!) {
              signIn(input: $input) {
                accessToken
                accessTokenExpiresAt
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="SignIn", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return SignIn.model_validate(data)

    async def who_am_i(self, **kwargs: Any) -> WhoAmI:
        query = gql("""
            query WhoAmI {
              viewer {
                user {
                  id
                  email
                  role
                }
              }
            }
            """)
        variables: dict[str, object] = {}
        response = await self.execute(
            query=query, operation_name="WhoAmI", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return WhoAmI.model_validate(data)

    async def run_bulk_query(
        self, input: RunBulkQueryInput, **kwargs: Any
    ) -> RunBulkQuery:
        query = gql("""
            mutation RunBulkQuery($input: RunBulkQueryInput!) {
              runBulkQuery(input: $input) {
                operation {
                  ...OperationParts
                }
                job {
                  ...JobParts
                }
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }

            fragment JobParts on Job {
              id
              kind
              status
              progress
              failure {
                code
                message
                retryable
                stage
              }
              waitingFor {
                code
                message
              }
              createdAt
              endedAt
            }

            fragment OperationParts on BulkOperation {
              id
              type
              status
              objectCount
              done
              total
              failed
              bytes
              sha256
              url
              expiresAt
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="RunBulkQuery", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RunBulkQuery.model_validate(data)

    async def run_bulk_mutation(
        self, input: RunBulkMutationInput, **kwargs: Any
    ) -> RunBulkMutation:
        query = gql("""
            mutation RunBulkMutation($input: RunBulkMutationInput!) {
              runBulkMutation(input: $input) {
                operation {
                  ...OperationParts
                }
                job {
                  ...JobParts
                }
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }

            fragment JobParts on Job {
              id
              kind
              status
              progress
              failure {
                code
                message
                retryable
                stage
              }
              waitingFor {
                code
                message
              }
              createdAt
              endedAt
            }

            fragment OperationParts on BulkOperation {
              id
              type
              status
              objectCount
              done
              total
              failed
              bytes
              sha256
              url
              expiresAt
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="RunBulkMutation", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RunBulkMutation.model_validate(data)

    async def create_upload(
        self, input: CreateUploadInput, **kwargs: Any
    ) -> CreateUpload:
        query = gql("""
            mutation CreateUpload($input: CreateUploadInput!) {
              createUpload(input: $input) {
                upload {
                  id
                }
                ticket {
                  headers {
                    name
                    value
                  }
                  parts {
                    number
                    url
                    offset
                    size
                  }
                }
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="CreateUpload", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CreateUpload.model_validate(data)

    async def create_dataset(
        self, input: CreateDatasetInput, **kwargs: Any
    ) -> CreateDataset:
        query = gql("""
            mutation CreateDataset($input: CreateDatasetInput!) {
              createDataset(input: $input) {
                dataset {
                  id
                  name
                }
                version {
                  id
                  number
                }
                job {
                  ...JobParts
                }
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }

            fragment JobParts on Job {
              id
              kind
              status
              progress
              failure {
                code
                message
                retryable
                stage
              }
              waitingFor {
                code
                message
              }
              createdAt
              endedAt
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="CreateDataset", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CreateDataset.model_validate(data)

    async def get_dataset(self, id: str, **kwargs: Any) -> GetDataset:
        query = gql("""
            query GetDataset($id: ID!) {
              dataset(id: $id) {
                id
                name
                versions(first: 1) {
                  nodes {
                    id
                    number
                    status
                    profile {
                      rows
                      labelledRows
                      labelCount
                    }
                    problems {
                      code
                      reason
                      fix
                      line
                      column
                      value
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="GetDataset", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return GetDataset.model_validate(data)

    async def list_datasets(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> ListDatasets:
        query = gql("""
            query ListDatasets($first: Int = 20, $after: String) {
              datasets(first: $first, after: $after) {
                nodes {
                  id
                  name
                }
                pageInfo {
                  hasNextPage
                  endCursor
                }
              }
            }
            """)
        variables: dict[str, object] = {"first": first, "after": after}
        response = await self.execute(
            query=query, operation_name="ListDatasets", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ListDatasets.model_validate(data)

    async def search_dataset(
        self,
        id: str,
        text: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> SearchDataset:
        query = gql("""
            query SearchDataset($id: ID!, $text: String!, $first: Int = 10) {
              dataset(id: $id) {
                search(text: $text, first: $first) {
                  state
                  hint
                  hits {
                    row
                    text
                    label
                    score
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "text": text, "first": first}
        response = await self.execute(
            query=query, operation_name="SearchDataset", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return SearchDataset.model_validate(data)

    async def index_dataset(
        self, input: IndexDatasetInput, **kwargs: Any
    ) -> IndexDataset:
        query = gql("""
            mutation IndexDataset($input: IndexDatasetInput!) {
              indexDataset(input: $input) {
                job {
                  ...JobParts
                }
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }

            fragment JobParts on Job {
              id
              kind
              status
              progress
              failure {
                code
                message
                retryable
                stage
              }
              waitingFor {
                code
                message
              }
              createdAt
              endedAt
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="IndexDataset", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return IndexDataset.model_validate(data)

    async def predict(self, input: PredictInput, **kwargs: Any) -> Predict:
        query = gql("""
            query Predict($input: PredictInput!) {
              predict(input: $input) {
                predictions {
                  id
                  text
                  label
                  probability
                  abstained
                  scores {
                    label
                    probability
                  }
                  cluster {
                    name
                  }
                }
                modelVersion {
                  id
                  number
                }
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="Predict", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Predict.model_validate(data)

    async def correct_prediction(
        self, input: CorrectPredictionInput, **kwargs: Any
    ) -> CorrectPrediction:
        query = gql("""
            mutation CorrectPrediction($input: CorrectPredictionInput!) {
              correctPrediction(input: $input) {
                prediction {
                  id
                  label
                  correction
                }
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query,
            operation_name="CorrectPrediction",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CorrectPrediction.model_validate(data)

    async def review_corrections(
        self, input: ReviewCorrectionsInput, **kwargs: Any
    ) -> ReviewCorrections:
        query = gql("""
            mutation ReviewCorrections($input: ReviewCorrectionsInput!) {
              reviewCorrections(input: $input) {
                predictions {
                  id
                  correction
                }
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query,
            operation_name="ReviewCorrections",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return ReviewCorrections.model_validate(data)

    async def learn_from_corrections(
        self, input: LearnFromCorrectionsInput, **kwargs: Any
    ) -> LearnFromCorrections:
        query = gql("""
            mutation LearnFromCorrections($input: LearnFromCorrectionsInput!) {
              learnFromCorrections(input: $input) {
                round {
                  id
                  rows
                  datasetVersion {
                    id
                    job {
                      id
                    }
                  }
                }
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query,
            operation_name="LearnFromCorrections",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return LearnFromCorrections.model_validate(data)

    async def get_last_round(self, model_id: str, **kwargs: Any) -> GetLastRound:
        query = gql("""
            query GetLastRound($modelId: ID!) {
              model(id: $modelId) {
                learningRounds(first: 1) {
                  nodes {
                    id
                    training {
                      id
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"modelId": model_id}
        response = await self.execute(
            query=query, operation_name="GetLastRound", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return GetLastRound.model_validate(data)

    async def get_job(self, id: str, **kwargs: Any) -> GetJob:
        query = gql("""
            query GetJob($id: ID!) {
              job(id: $id) {
                ...JobParts
                modelVersion {
                  ...VersionParts
                }
                operation {
                  ...OperationParts
                }
              }
            }

            fragment JobParts on Job {
              id
              kind
              status
              progress
              failure {
                code
                message
                retryable
                stage
              }
              waitingFor {
                code
                message
              }
              createdAt
              endedAt
            }

            fragment OperationParts on BulkOperation {
              id
              type
              status
              objectCount
              done
              total
              failed
              bytes
              sha256
              url
              expiresAt
            }

            fragment VersionParts on ModelVersion {
              id
              number
              labels
              isPublished
              model {
                id
                name
              }
              report {
                accuracy
                macroF1
                ece
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="GetJob", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return GetJob.model_validate(data)

    async def cancel_job(self, input: CancelJobInput, **kwargs: Any) -> CancelJob:
        query = gql("""
            mutation CancelJob($input: CancelJobInput!) {
              cancelJob(input: $input) {
                job {
                  ...JobParts
                }
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }

            fragment JobParts on Job {
              id
              kind
              status
              progress
              failure {
                code
                message
                retryable
                stage
              }
              waitingFor {
                code
                message
              }
              createdAt
              endedAt
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="CancelJob", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CancelJob.model_validate(data)

    async def job_events(
        self, id: str, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> AsyncIterator[JobEvents]:
        query = gql("""
            subscription JobEvents($id: ID!, $after: String) {
              jobEvents(id: $id, after: $after) {
                __typename
                ... on JobSnapshot {
                  cursor
                  job {
                    ...JobParts
                  }
                }
                ... on ActivityEvent {
                  cursor
                  kind
                  message
                  stage
                  done
                  total
                  at
                }
                ... on CaughtUp {
                  cursor
                }
                ... on Gap {
                  toCursor
                }
                ... on Heartbeat {
                  cursor
                }
              }
            }

            fragment JobParts on Job {
              id
              kind
              status
              progress
              failure {
                code
                message
                retryable
                stage
              }
              waitingFor {
                code
                message
              }
              createdAt
              endedAt
            }
            """)
        variables: dict[str, object] = {"id": id, "after": after}
        async for data in self.execute_ws(
            query=query, operation_name="JobEvents", variables=variables, **kwargs
        ):
            yield JobEvents.model_validate(data)

    async def start_training(
        self, input: StartTrainingInput, **kwargs: Any
    ) -> StartTraining:
        query = gql("""
            mutation StartTraining($input: StartTrainingInput!) {
              startTraining(input: $input) {
                job {
                  ...JobParts
                }
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }

            fragment JobParts on Job {
              id
              kind
              status
              progress
              failure {
                code
                message
                retryable
                stage
              }
              waitingFor {
                code
                message
              }
              createdAt
              endedAt
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="StartTraining", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return StartTraining.model_validate(data)

    async def publish_model(
        self, input: PublishModelInput, **kwargs: Any
    ) -> PublishModel:
        query = gql("""
            mutation PublishModel($input: PublishModelInput!) {
              publishModel(input: $input) {
                model {
                  id
                  name
                }
                userErrors {
                  __typename
                  code
                  message
                  path
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="PublishModel", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return PublishModel.model_validate(data)

    async def list_models(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> ListModels:
        query = gql("""
            query ListModels($first: Int = 20, $after: String) {
              models(first: $first, after: $after) {
                nodes {
                  id
                  name
                  publishedVersion {
                    ...VersionParts
                  }
                }
                pageInfo {
                  hasNextPage
                  endCursor
                }
              }
            }

            fragment VersionParts on ModelVersion {
              id
              number
              labels
              isPublished
              model {
                id
                name
              }
              report {
                accuracy
                macroF1
                ece
              }
            }
            """)
        variables: dict[str, object] = {"first": first, "after": after}
        response = await self.execute(
            query=query, operation_name="ListModels", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ListModels.model_validate(data)

    async def get_model(self, name: str, **kwargs: Any) -> GetModel:
        query = gql("""
            query GetModel($name: String!) {
              model(name: $name) {
                id
                name
                publishedVersion {
                  ...VersionParts
                }
              }
            }

            fragment VersionParts on ModelVersion {
              id
              number
              labels
              isPublished
              model {
                id
                name
              }
              report {
                accuracy
                macroF1
                ece
              }
            }
            """)
        variables: dict[str, object] = {"name": name}
        response = await self.execute(
            query=query, operation_name="GetModel", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return GetModel.model_validate(data)
